// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Frame} from "./Frame.sol";
import {Memory} from "./Memory.sol";

/// @title The elements that the quantifiers around a condition stand at: a list in memory, the innermost first.
/// @dev Three words each: the one around it, its type's position in memory, its position in the calldata, 0 where there is none.
library Elements {
    /// @notice Puts a quantifier inside the others; its element is set later.
    function enter(uint256 kind) internal pure {
        unchecked {
            uint256 entry = Memory.take(96);
            Memory.put(entry, Frame.element());
            Memory.put(entry + 32, kind);
            Frame.setElement(entry);
        }
    }

    /// @notice Moves the innermost quantifier to the element at a calldata position.
    function move(uint256 to) internal pure {
        unchecked {
            Memory.put(Frame.element() + 64, to);
        }
    }

    /// @notice Ends the innermost quantifier.
    function leave() internal pure {
        Frame.setElement(Memory.word(Frame.element()));
    }

    /// @notice Type and calldata position of the element of the quantifier `depth` levels out.
    function at(uint256 depth) internal pure returns (uint256 kind, uint256 position) {
        unchecked {
            uint256 entry = Frame.element();
            for (; depth != 0; --depth) entry = Memory.word(entry);
            return (Memory.word(entry + 32), Memory.word(entry + 64));
        }
    }
}
