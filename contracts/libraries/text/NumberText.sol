// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "../Bits.sol";
import {Glyphs} from "./Glyphs.sol";
import {Pen} from "./Pen.sol";
import {Words} from "./Words.sol";

/// @title Exact numbers: all digits, or a count of zeros, or all digits in threes.
library NumberText {
    /// The longest number that is written digit by digit.
    uint256 private constant SHORT = 16;

    /// @notice The digits of an integer below 10^29, as a token.
    function digits(uint256 value) internal pure returns (uint256) {
        unchecked {
            // Most numbers are rules, positions and the like.
            if (value < 10) return ((0x30 + value) << 248) | (Glyphs.ofDigit(value) << 8) | 1;
            uint256 text = 0;
            uint256 measure = 0;
            do {
                uint256 rest = value / 10;
                uint256 digit = value - 10 * rest;
                text = (text >> 8) | ((0x30 + digit) << 248);
                measure += (Glyphs.ofDigit(digit) << 8) + 1;
                value = rest;
            } while (value != 0);
            return text | measure;
        }
    }

    /// @notice `value / 10^decimals` in at most 16 characters, as a token; 0 where that is not enough.
    function short(uint256 value, uint256 decimals) internal pure returns (uint256) {
        unchecked {
            if (decimals != 0) {
                // 10^77 is the greatest power that a word holds, and nobody pins more decimals.
                uint256 unit = 10 ** decimals;
                uint256 whole = Bits.quotient(value, unit);
                uint256 fraction = value - whole * unit;
                if (fraction != 0) return decimal(whole, fraction, decimals);
                value = whole;
            }
            if (value < 1e16) return digits(value);
            uint256 zeros = 0;
            for (; value % 10 == 0; value /= 10) ++zeros;
            if (zeros == 0 || value >= 1e16) return 0;
            uint256 token = Glyphs.join(digits(value), Glyphs.join(E, digits(zeros)));
            return Glyphs.lengthOf(token) > SHORT ? 0 : token;
        }
    }

    uint256 private constant E = uint256(bytes32("e")) + 54 * 256 + 1;

    /// @dev Without zeros at the end of the fraction.
    function trim(uint256 value, uint256 decimals) private pure returns (uint256, uint256) {
        unchecked {
            for (; decimals > 8 && value % 1e8 == 0; decimals -= 8) value /= 1e8;
            for (; value % 10 == 0; --decimals) value /= 10;
            return (value, decimals);
        }
    }

    /// @dev With a point, before so many decimals, of which not all are zero.
    function decimal(uint256 whole, uint256 fraction, uint256 decimals) private pure returns (uint256) {
        unchecked {
            (fraction, decimals) = trim(fraction, decimals);
            if (decimals > SHORT - 2 || whole >= 1e15) return 0;
            // The leading 1 keeps the fraction's zeros, and becomes the point.
            fraction = digits(10 ** decimals + fraction) - (uint256(0x31 - 0x2e) << 248) - ((42 - 25) << 8);
            uint256 token = Glyphs.join(digits(whole), fraction);
            return Glyphs.lengthOf(token) > SHORT ? 0 : token;
        }
    }

    /// @notice `value / 10^decimals` in threes from the point. The pieces before the last one are written, the first in the manner `how`.
    function long(uint256 value, uint256 decimals, uint256 how, uint256 sign) internal pure {
        unchecked {
            if (decimals != 0) {
                uint256 unit = 10 ** decimals;
                if (value - unit * Bits.quotient(value, unit) == 0) (value, decimals) = (Bits.quotient(value, unit), 0);
                else (value, decimals) = trim(value, decimals);
            }
            uint256 count = 0;
            for (uint256 rest = value; rest != 0; rest /= 10) ++count;
            if (count <= decimals) count = decimals + 1;
            uint256 left = count;
            while (left != 0) {
                // The first group before the point has what is left of threes, the last one behind it too.
                uint256 whole = left > decimals ? left - decimals : 0;
                uint256 size = whole != 0 ? (whole % 3 == 0 ? 3 : whole % 3) : (left < 3 ? left : 3);
                left -= size;
                uint256 group = digitsAt(value, left, size);
                if (left != decimals) {
                    if (left != 0) group = Glyphs.join(group, Words.APOSTROPHE);
                } else if (decimals != 0) {
                    // The point, and what follows it, stay with the last group before it.
                    size = left < 3 ? left : 3;
                    left -= size;
                    group = Glyphs.join(group, Glyphs.join(Words.STOP, digitsAt(value, left, size)));
                    if (left != 0) group = Glyphs.join(group, Words.APOSTROPHE);
                }
                if (sign != 0) (group, sign) = (Glyphs.join(sign, group), 0);
                put(group, how);
                how = SOFT;
            }
        }
    }

    /// @dev The `size` digits before the last `behind` ones, with their leading zeros.
    function digitsAt(uint256 value, uint256 behind, uint256 size) private pure returns (uint256) {
        unchecked {
            // 10^77 is the greatest power that a word holds.
            uint256 rest = behind > 77 ? 0 : value / 10 ** behind;
            uint256 token = digits(10 ** size + (rest % 10 ** size));
            // The leading 1 kept the zeros.
            return (((token >> 24) << 32) | (token & 0xffffff)) - (42 << 8) - 1;
        }
    }

    // ---------------------------------------------------------------- writing

    /// How a number joins what stands before it.
    uint256 internal constant WORD = 0;
    uint256 internal constant MORE = 1;
    uint256 internal constant SOFT = 2;

    /// @notice Writes a token in the manner `how`.
    function put(uint256 token, uint256 how) internal pure {
        if (how == WORD) Pen.word(token);
        else if (how == MORE) Pen.more(token);
        else Pen.soft(token);
    }

    /// @notice Writes `value / 10^decimals`; `sign` is a token that stands before it, or 0.
    function write(uint256 value, uint256 decimals, uint256 how, uint256 sign) internal pure {
        uint256 token = short(value, decimals);
        if (token == 0) return long(value, decimals, how, sign);
        put(sign == 0 ? token : Glyphs.join(sign, token), how);
    }
}
