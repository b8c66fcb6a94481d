// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Form} from "./Form.sol";
import {Memory} from "./Memory.sol";
import {OperandForm} from "./OperandForm.sol";
import {Sums} from "./Sums.sol";
import {Table} from "./Table.sol";

/// @title The form of exact sums, of integers; their coefficients are computed here once, so that they are known to fit.
library SumForm {
    /// @notice An amount that a charge counts.
    function amount(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            if (Memory.number(p, 1) == Sums.TERMS) return sum(p + 1, false);
            (next, ) = OperandForm.integer(p);
        }
    }

    /// @notice `termCount1 ‖ term*`; a comparison has terms on both sides, the left ones first, an amount has no right ones.
    function sum(uint256 p, bool comparison) internal pure returns (uint256 next) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            uint256 denominator = 1;
            uint256 side = 0;
            bool scaled = false;
            uint256 plain = 0;
            uint256 sorts = 0;
            if (count == 0) Form.fail(p);
            next = p + 1;
            for (uint256 i = 0; i < count; ++i) {
                uint256 flags = Memory.number(next, 1);
                uint256 right = flags & Sums.RIGHT;
                uint256 each = flags >> 4;
                if (!(flags & 0x88 == 0 && right >= side && (i != 0 || right == 0))) Form.fail(next);
                // An amount has no right side, and scales only where it is one plain factor.
                if (!comparison && (right != 0 || (each != 0 && (count != 1 || flags & 7 != 0)))) Form.fail(next);
                side = right;
                if (each != 0) {
                    scaled = true;
                    scales(next + 1, each);
                    (, uint256 below, ) = Sums.scales(next + 1, each);
                    denominator = Sums.mul(denominator, below);
                }
                uint256 sort;
                (next, sort) = termEnd(next);
                if (flags & ~Sums.RIGHT == 0) {
                    ++plain;
                    sorts += sort;
                }
            }
            // What can be said without a sum is: one operand, and two of them unless just one has a sign.
            if (
                comparison
                    ? side == 0 || (count == 2 && plain == 2 && sorts != OperandForm.SIGNED + OperandForm.UNSIGNED)
                    : count == plain && count == 1
            ) Form.fail(p);
            // Without scales every coefficient is 1.
            if (scaled) coefficients(p + 1, count, denominator);
        }
    }

    /// @dev Each term's coefficient over the common denominator is below 2^256, and 1 where there are two factors.
    function coefficients(uint256 p, uint256 count, uint256 denominator) private pure {
        unchecked {
            for (; count != 0; --count) {
                uint256 flags = Memory.number(p, 1);
                (uint256 above, uint256 below, ) = Sums.scales(p + 1, flags >> 4);
                uint256 coefficient = Sums.mul(above, denominator / below);
                if (!(coefficient == 1 || flags & Sums.TWO_FACTORS == 0)) Form.fail(p);
                (p, ) = termEnd(p);
            }
        }
    }

    /// @dev The position after a term whose scales have the right form, and the sort of its first factor.
    function termEnd(uint256 p) private pure returns (uint256 next, uint256 sort) {
        unchecked {
            uint256 flags = Memory.number(p, 1);
            (, , next) = Sums.scales(p + 1, flags >> 4);
            (next, sort) = OperandForm.integer(next);
            if (flags & Sums.TWO_FACTORS != 0) (next, ) = OperandForm.integer(next);
        }
    }

    /// @dev `count` scales; their exponents are small enough for a power of ten to be a word, and nothing divides by zero.
    function scales(uint256 p, uint256 count) private pure {
        unchecked {
            for (; count != 0; --count) {
                uint256 kind = Memory.number(p, 1);
                uint256 decimals = 0;
                if (!(kind != 0 && kind <= Sums.DIVIDE)) Form.fail(p);
                if (kind == Sums.AT || kind == Sums.SOLD_AT) {
                    Form.asset(p + 1);
                    Form.asset(p + 2);
                    // Quote and base, then the decimals of each, as its token has them.
                    if (
                        Memory.number(p + 3, 1) != Table.decimalsOf(Memory.number(p + 1, 1)) ||
                        Memory.number(p + 4, 1) != Table.decimalsOf(Memory.number(p + 2, 1))
                    ) Form.fail(p);
                    p += 4;
                }
                ++p;
                if (kind != Sums.DIVIDE) {
                    decimals = Memory.number(p, 1);
                    ++p;
                }
                uint256 next = Form.integer(p);
                uint256 digits = Memory.number(p + 1, next - p - 1);
                if (!(decimals < 78 && (digits != 0 || kind == Sums.PERCENT) && (decimals == 0 || digits % 10 != 0)))
                    Form.fail(p);
                p = next;
            }
        }
    }
}
