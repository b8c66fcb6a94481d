// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "./Memory.sol";

/**
 * @title Where what is read stands in a grant, and what it may speak of.
 * @dev A word for each field, at a fixed place of memory that `open` takes before anything else is taken, when it is all zeros; the compiler's own memory ends
 * below it, which contracts/build.ts checks. The fields of Tables come behind these.
 */
library Scope {
    uint256 private constant AT = 0x200;
    uint256 private constant ELEMENTS = 0x540;
    /// Behind NAMES of Tables.
    uint256 private constant END = 0x960;

    function open() internal pure {
        Memory.takeUntil(END);
    }

    /// @notice What the elements of the quantifier at a depth are, 0 the outermost (see PlaceForm).
    function element(uint256 at) internal pure returns (uint256) {
        unchecked {
            return Memory.word(ELEMENTS + 32 * at);
        }
    }

    /// @notice Sets it for the next quantifier further in. There is room for as many as conditions may be nested deep.
    function setElement(uint256 to) internal pure {
        unchecked {
            Memory.put(ELEMENTS + 32 * depth(), to);
        }
    }

    /// @notice Memory position of the grant, from which offsets in errors count.
    function grant() internal pure returns (uint256) {
        return Memory.word(AT);
    }

    function setGrant(uint256 to) internal pure {
        Memory.put(AT, to);
    }

    /// @notice Where it ends.
    function end() internal pure returns (uint256) {
        return Memory.word(AT + 0x20);
    }

    function setEnd(uint256 to) internal pure {
        Memory.put(AT + 0x20, to);
    }

    /// @notice How many tokens the policy has.
    function tokens() internal pure returns (uint256) {
        return Memory.word(AT + 0x40);
    }

    function setTokens(uint256 to) internal pure {
        Memory.put(AT + 0x40, to);
    }

    /// @notice The policy's `from`, unix seconds.
    function start() internal pure returns (uint256) {
        return Memory.word(AT + 0x60);
    }

    function setStart(uint256 to) internal pure {
        Memory.put(AT + 0x60, to);
    }

    /// @notice The policy's `until`, unix seconds.
    function until() internal pure returns (uint256) {
        return Memory.word(AT + 0x80);
    }

    function setUntil(uint256 to) internal pure {
        Memory.put(AT + 0x80, to);
    }

    /// @notice The arguments of the function of which conditions speak (see Shape); 0: there is none.
    function shape() internal pure returns (uint256) {
        return Memory.word(AT + 0xa0);
    }

    function setShape(uint256 to) internal pure {
        Memory.put(AT + 0xa0, to);
    }

    /// @notice A bit for each token that nothing has spoken of so far.
    function unused() internal pure returns (uint256) {
        return Memory.word(AT + 0xc0);
    }

    function setUnused(uint256 to) internal pure {
        Memory.put(AT + 0xc0, to);
    }

    /// @notice Not 0 where a call is there to speak of: not in the header.
    function ofCall() internal pure returns (uint256) {
        return Memory.word(AT + 0xe0);
    }

    function setOfCall(uint256 to) internal pure {
        Memory.put(AT + 0xe0, to);
    }

    /// @notice Not 0 where bounds on now are allowed: in an allow rule's body.
    function body() internal pure returns (uint256) {
        return Memory.word(AT + 0x100);
    }

    function setBody(uint256 to) internal pure {
        Memory.put(AT + 0x100, to);
    }

    /// @notice How many quantifiers are around.
    function depth() internal pure returns (uint256) {
        return Memory.word(AT + 0x120);
    }

    function setDepth(uint256 to) internal pure {
        Memory.put(AT + 0x120, to);
    }
}
