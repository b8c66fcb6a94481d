// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arguments} from "./Arguments.sol";
import {Bits} from "./Bits.sol";
import {Memory} from "./Memory.sol";
import {Places} from "./Places.sol";
import {Records} from "./Records.sol";

/// @notice Elements whose heads, of `stride` bytes each, begin at calldata position `base`. `kind` is their type's position in memory, 0 in packed bytes.
struct List {
    uint256 kind;
    uint256 base;
    uint256 stride;
    uint256 count;
}

/// @title What a quantifier goes over, and what has a length.
library Lists {
    uint256 internal constant ARRAY = 0x00;
    uint256 internal constant WORDS = 0x01;
    uint256 internal constant PACKED = 0x02;
    uint256 internal constant BYTES = 0x03;
    uint256 internal constant MULTISEND = 0x04;

    /// @notice The collection at `p`, and the position after it; where it cannot be read it is empty, and `flaws` is not 0.
    function read(uint256 p) internal pure returns (List memory list, uint256 next, uint256 flaws) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (form == PACKED) {
                // bytes ‖ size1 ‖ gap1: with a gap behind the last one too, each takes size + gap.
                uint256 size;
                (list.base, size, next, flaws) = Places.range(p + 1);
                uint256 gap = Memory.number(next + 1, 1);
                list.stride = Memory.number(next, 1) + gap;
                next += 2;
                list.count = Bits.quotient(size + gap, list.stride);
                flaws |= (list.count * list.stride) ^ (size + gap);
            } else {
                if (form == ARRAY) return arrayAt(p + 1);
                // place ‖ count1 ‖ words1, and a type is written as 0x01 ‖ words1.
                (, list.base, next, flaws) = Places.find(p + 1);
                list.count = Memory.number(next, 1);
                uint256 words = Memory.number(next + 1, 1);
                next += 2;
                list.kind = Memory.take(32);
                Memory.put(list.kind, (Arguments.WORDS << 248) | (words << 240));
                list.stride = 32 * words;
            }
            if (flaws != 0) list.count = 0;
        }
    }

    /// @notice The same of an array whose type has elements of its own: T[], or T[N] with T dynamic. Its place is at `p`.
    function arrayAt(uint256 p) internal pure returns (List memory list, uint256 next, uint256 flaws) {
        unchecked {
            uint256 at;
            (list.kind, at, next, flaws) = Places.find(p);
            if (flaws == 0) {
                (list.count, list.kind, list.base) = Arguments.array(list.kind, at);
                list.stride = 32 * Arguments.headWords(list.kind);
            }
        }
    }

    /// @notice The length of the countable at `p`, in elements or bytes, and the position after it.
    function length(uint256 p) internal pure returns (uint256 count, uint256 next, uint256 flaws) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (form < BYTES) {
                List memory list;
                (list, next, flaws) = read(p);
                return (list.count, next, flaws);
            }
            uint256 at;
            (at, count, next, flaws) = Places.range(p + 1);
            if (form == MULTISEND && flaws == 0) (count, flaws) = Records.count(at, count);
        }
    }

    /// @notice The calldata position of element number `index`.
    function element(List memory list, uint256 index) internal pure returns (uint256) {
        return Arguments.element(list.kind, list.base, list.stride, index);
    }
}
