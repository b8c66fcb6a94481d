// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arguments} from "./Arguments.sol";
import {Bits} from "./Bits.sol";
import {Calldata} from "./Calldata.sol";
import {Elements} from "./Elements.sol";
import {Frame} from "./Frame.sol";
import {Memory} from "./Memory.sol";

/// @title Values of the calldata that need not be a word, and ranges of their bytes.
library Places {
    /// The first byte of a place: the arguments; from 1 on an element, of the innermost quantifier first; a word of the heads.
    uint256 internal constant ARGUMENTS = 0x00;
    uint256 internal constant HEADS = 0xff;
    /// Flags of a range.
    uint256 internal constant RANGE = 1;
    uint256 internal constant START_FROM_END = 2;
    uint256 internal constant END = 4;
    uint256 internal constant END_FROM_END = 8;

    /// @notice The type and the calldata position of the value at the place at `p`, and the position after the place; `flaws` is 0 where it can be read.
    /// @dev A static array in the heads has no type.
    function find(uint256 p) internal pure returns (uint256 kind, uint256 at, uint256 next, uint256 flaws) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (form != HEADS) return follow(form, p + 1);
            at = Frame.argumentsAt() + 32 * Memory.number(p + 1, 1);
            return (0, at, p + 2, Bits.more(Frame.headsEnd(), Frame.dataEnd()));
        }
    }

    /// @notice The same of a place whose first byte is `form` and whose `stepCount1 ‖ { step1 ‖ index2 }*` is at `p`.
    function follow(
        uint256 form,
        uint256 p
    ) internal pure returns (uint256 kind, uint256 at, uint256 next, uint256 flaws) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            next = p + 1 + 3 * count;
            if (form == ARGUMENTS) {
                (kind, at, flaws) = Arguments.find(p + 1, count);
            } else {
                (kind, at) = Elements.at(form - 1);
                (kind, at, flaws) = Arguments.walk(kind, at, p + 1, count);
            }
        }
    }

    /// @notice Where the bytes of `place ‖ range` at `p` lie, how many they are, and the position after it.
    function range(uint256 p) internal pure returns (uint256 at, uint256 size, uint256 next, uint256 flaws) {
        unchecked {
            (, at, next, flaws) = find(p);
            size = Calldata.word(at);
            at += 32;
            uint256 flags = Memory.number(next, 1);
            ++next;
            if (flags != 0) {
                // A position before the bytes wraps, and is then behind them.
                uint256 start = Memory.number(next, 2);
                uint256 end = size;
                next += 2;
                if (flags & START_FROM_END != 0) start = size - start;
                if (flags & END != 0) {
                    end = Memory.number(next, 2);
                    next += 2;
                    if (flags & END_FROM_END != 0) end = size - end;
                }
                flaws |= Bits.more(start, end) | Bits.more(end, size);
                at += start;
                size = end - start;
            }
        }
    }
}
