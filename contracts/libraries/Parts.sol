// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arguments} from "./Arguments.sol";
import {Bits} from "./Bits.sol";
import {Calldata} from "./Calldata.sol";
import {Elements} from "./Elements.sol";
import {List, Lists} from "./Lists.sol";
import {Memory} from "./Memory.sol";
import {Operands} from "./Operands.sol";
import {Places} from "./Places.sol";

/// @title Operands that are no word of the calldata: lengths, slices, masks, sums over a list, elements of packed bytes.
library Parts {
    /// @notice The value of the operand of kind `op` whose other bytes are at `p`, and the position after it; `flaws` is 0 where it could be read.
    function read(uint256 op, uint256 p) internal view returns (uint256 value, uint256 next, uint256 flaws) {
        unchecked {
            if (op == Operands.LENGTH) return Lists.length(p);
            if (op == Operands.SUM) return sum(p);
            if (op == Operands.MASK) {
                uint256 size = Memory.number(p, 1);
                (value, next, flaws) = Operands.read(p + 1 + size);
                return (value & Memory.number(p + 1, size), next, flaws);
            }
            uint256 width;
            if (op == Operands.SLICE) {
                (value, width, next, flaws) = Places.range(p);
            } else {
                // depth1 ‖ size1
                (, value) = Elements.at(Memory.number(p, 1));
                width = Memory.number(p + 1, 1);
                next = p + 2;
                flaws = Bits.same(value, 0);
            }
            return (Calldata.word(value) >> (256 - 8 * width), next, flaws);
        }
    }

    /// @dev `collection ‖ stepCount1 ‖ { step1 ‖ index2 }* ‖ type1`, the type being uint.
    function sum(uint256 p) private pure returns (uint256 total, uint256 next, uint256 flaws) {
        unchecked {
            List memory list;
            (list, p, flaws) = Lists.read(p);
            uint256 steps = Memory.number(p, 1);
            next = p + 1 + 3 * steps;
            // 0x20+n is uint of 8(n+1) bits.
            uint256 bits = 8 * Memory.number(next, 1) - 248;
            ++next;
            for (uint256 i = 0; i < list.count; ++i) {
                (, uint256 at, uint256 more) = Arguments.walk(list.kind, Lists.element(list, i), p + 1, steps);
                uint256 value = Calldata.word(at);
                total += value;
                flaws |= more | (value >> bits) | Bits.less(total, value);
            }
        }
    }
}
