// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Operands} from "./Operands.sol";

/// @notice A number of three words, highest first.
struct Wide {
    uint256 high;
    uint256 middle;
    uint256 low;
}

/// @notice The sum of what counts positive and of what counts negative, both multiplied by `denominator`.
struct Sum {
    Wide positive;
    Wide negative;
    uint256 denominator;
}

/// @title Exact sums of products: 255 terms of 512 bits fit into three words.
library Sums {
    /// The first byte of an amount that is a sum.
    uint256 internal constant TERMS = 0x7e;
    uint256 internal constant NEGATIVE = 1;
    uint256 internal constant RIGHT = 2;
    uint256 internal constant TWO_FACTORS = 4;
    uint256 internal constant PERCENT = 1;
    uint256 internal constant AT = 2;
    uint256 internal constant SOLD_AT = 3;
    uint256 internal constant DIVIDE = 4;

    /// @dev A term that has been read: six words of memory.
    struct Term {
        uint256 numerator;
        uint256 denominator;
        uint256 first;
        uint256 second;
        bool negative;
        bool two;
    }

    /// @notice The sum `termCount1 ‖ term*` at `p`, and the position after it; no flaws: every factor could be read.
    function read(uint256 p) internal view returns (Sum memory sum, uint256 next, uint256 flaws) {
        unchecked {
            Term[] memory terms = new Term[](Memory.number(p, 1));
            next = p + 1;
            sum.denominator = 1;
            for (uint256 i = 0; i < terms.length; ++i) {
                uint256 more;
                (more, next) = term(terms[i], next);
                flaws |= more;
                // INVARIANT: below 2^256, since Form computed the same product with this function's checks.
                sum.denominator *= terms[i].denominator;
            }
            for (uint256 i = 0; i < terms.length; ++i) {
                Term memory t = terms[i];
                // INVARIANT: below 2^256 as above, and 1 where there are two factors.
                uint256 coefficient = t.numerator * (sum.denominator / t.denominator);
                add(t.negative ? sum.negative : sum.positive, t.two ? t.second : coefficient, t.first);
            }
        }
    }

    function term(Term memory t, uint256 p) private view returns (uint256 flaws, uint256 next) {
        unchecked {
            uint256 flags = Memory.number(p, 1);
            t.negative = (flags ^ (flags >> 1)) & 1 == 1;
            t.two = flags & TWO_FACTORS != 0;
            (t.numerator, t.denominator, next) = scales(p + 1, flags >> 4);
            (t.first, next, flaws) = factor(t, next);
            if (t.two) {
                uint256 more;
                (t.second, next, more) = factor(t, next);
                flaws |= more;
            }
        }
    }

    /// @dev The magnitude of an operand; a negative one turns the sign of the term.
    function factor(Term memory t, uint256 p) private view returns (uint256 value, uint256 next, uint256 flaws) {
        unchecked {
            (value, next, flaws) = Operands.read(p);
            if (value >> 255 != 0 && Operands.signed(p, next)) {
                value = 0 - value;
                t.negative = !t.negative;
            }
        }
    }

    /// @notice The fraction that `count` scales at `p` make, and the position after them. Reverts where a part is 2^256 or more.
    function scales(
        uint256 p,
        uint256 count
    ) internal pure returns (uint256 numerator, uint256 denominator, uint256 next) {
        unchecked {
            (numerator, denominator) = (1, 1);
            for (; count != 0; --count) {
                uint256 kind = Memory.number(p, 1);
                uint256 up = 1;
                uint256 down = 1;
                if (kind == DIVIDE) {
                    (down, p) = integer(p + 1);
                } else {
                    if (kind != PERCENT) {
                        up = 10 ** Memory.number(p + 4, 1);
                        down = 10 ** Memory.number(p + 3, 1);
                        p += 4;
                    }
                    uint256 power = 10 ** Memory.number(p + 1, 1);
                    uint256 digits;
                    (digits, p) = integer(p + 2);
                    if (kind == PERCENT) {
                        (up, down) = (digits, mul(power, 100));
                    } else {
                        (up, down) = (mul(up, power), mul(down, digits));
                        if (kind == SOLD_AT) (up, down) = (down, up);
                    }
                }
                numerator = mul(numerator, up);
                denominator = mul(denominator, down);
            }
            next = p;
        }
    }

    /// @dev `length1 ‖ integer`
    function integer(uint256 p) private pure returns (uint256 value, uint256 next) {
        unchecked {
            uint256 size = Memory.number(p, 1);
            return (Memory.number(p + 1, size), p + 1 + size);
        }
    }

    /// @notice The product, which must be below 2^256. What reaches validation was computed when it was granted, and is.
    function mul(uint256 a, uint256 b) internal pure returns (uint256 product) {
        unchecked {
            product = a * b;
            if (a != 0 && product / a != b) revert IWritModule.CoefficientTooLarge();
        }
    }

    /// @dev Adds a * b. INVARIANT: at most 255 times, so the high word does not overflow.
    function add(Wide memory w, uint256 a, uint256 b) private pure {
        unchecked {
            (uint256 high, uint256 low) = fullMul(a, b);
            w.low += low;
            // high is at most 2^256 - 2, so the carry fits.
            if (w.low < low) ++high;
            w.middle += high;
            if (w.middle < high) ++w.high;
        }
    }

    /// @notice a * b in two words.
    function fullMul(uint256 a, uint256 b) internal pure returns (uint256 high, uint256 low) {
        unchecked {
            low = a * b;
            // The product modulo 2^256 - 1 is high + low modulo that, so the difference to low is high.
            uint256 modulo = mulmod(a, b, type(uint256).max);
            high = modulo - low;
            if (modulo < low) --high;
        }
    }

    /// @notice The most significant words in which the two sides differ; the lowest where they are equal above.
    function decisive(Sum memory sum) internal pure returns (uint256 positive, uint256 negative) {
        Wide memory a = sum.positive;
        Wide memory b = sum.negative;
        if (a.high != b.high) return (a.high, b.high);
        if (a.middle != b.middle) return (a.middle, b.middle);
        return (a.low, b.low);
    }

    /// @notice The sum, rounded up to an integer, and whether it is from 0 to 2^256 - 1.
    function roundUp(Sum memory sum) internal pure returns (uint256 quotient, bool ok) {
        unchecked {
            Wide memory a = sum.positive;
            Wide memory b = sum.negative;
            uint256 d = sum.denominator;
            uint256 low = a.low - b.low;
            uint256 borrow = a.low < b.low ? 1 : 0;
            uint256 middle = a.middle - b.middle - borrow;
            borrow = a.middle < b.middle || (a.middle == b.middle && borrow == 1) ? 1 : 0;
            // A negative difference has a high word that is not zero.
            if (a.high != b.high + borrow || middle >= d) return (0, false);

            uint256 remainder = addmod(mulmod(middle, addmod(type(uint256).max, 1, d), d), low, d);
            if (remainder > low) --middle;
            low -= remainder;
            // What is left is a multiple of d: the factors of two are shifted out, the odd part is divided by its inverse modulo 2^256.
            uint256 twos = d & (0 - d);
            d /= twos;
            low = (low / twos) | (middle * ((0 - twos) / twos + 1));
            uint256 inverse = (3 * d) ^ 2;
            // Right modulo 2^4 at first; each step doubles the number of right bits.
            for (uint256 i = 0; i < 6; ++i) inverse *= 2 - d * inverse;
            quotient = low * inverse;
            if (remainder == 0) return (quotient, true);
            ++quotient;
            return (quotient, quotient != 0);
        }
    }
}
