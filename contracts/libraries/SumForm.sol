// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Form} from "./Form.sol";
import {Memory} from "./Memory.sol";
import {OperandForm} from "./OperandForm.sol";
import {Sums} from "./Sums.sol";
import {Table} from "./Table.sol";

/// @title The form of exact sums; their coefficients are computed here once, so that they are known to fit.
library SumForm {
    /// @notice An amount that a charge counts.
    function amount(uint256 p) internal pure returns (uint256) {
        unchecked {
            return Memory.number(p, 1) == Sums.TERMS ? sum(p + 1, false) : OperandForm.operand(p);
        }
    }

    /// @notice `termCount1 ‖ term*`; a comparison has terms on both sides, the left ones first, an amount has no right ones.
    function sum(uint256 p, bool comparison) internal pure returns (uint256 next) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            uint256 denominator = 1;
            uint256 side = 0;
            bool scaled = false;
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
                next = termEnd(next);
            }
            if (!(!comparison || side != 0)) Form.fail(p);
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
                p = termEnd(p);
            }
        }
    }

    /// @dev The position after a term whose scales have the right form.
    function termEnd(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 flags = Memory.number(p, 1);
            (, , p) = Sums.scales(p + 1, flags >> 4);
            p = OperandForm.operand(p);
            return flags & Sums.TWO_FACTORS == 0 ? p : OperandForm.operand(p);
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
