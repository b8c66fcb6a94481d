// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Glyphs} from "./Glyphs.sol";
import {Memory} from "../Memory.sol";
import {Pen} from "./Pen.sol";
import {Words} from "./Words.sol";

/// @title Bytes as hex digits, on whole words.
library HexText {
    /// @dev 1 in every byte.
    uint256 private constant ONES = type(uint256).max / 0xff;
    /// Hex that is longer stands on lines of its own.
    uint256 private constant SHORT = 6;
    /// Bytes of a line; the first one has one fewer, and `0x`.
    uint256 private constant GROUP = 7;

    /// @notice An address in EIP-55.
    function party(uint256 value) internal pure {
        unchecked {
            uint256 a = spread(value >> 32);
            uint256 b = spread((value & 0xffffffff) << 96);
            uint256 lettersA = letters(a);
            uint256 lettersB = letters(b);
            a += 0x30 * ONES + 0x27 * lettersA;
            b += 0x30 * ONES + 0x27 * lettersB;
            // The hash of the 40 digits decides letter by letter. Nothing is taken: they are written where the scratch space is.
            Memory.put(0, a);
            Memory.put(32, b);
            uint256 hash = Memory.hash(0, 40);
            a -= 0x20 * (lettersA & (spread(hash >> 128) >> 3));
            b -= 0x20 * (lettersB & (spread(uint128(hash)) >> 3));
            Pen.address_(a, b);
        }
    }

    /// @notice Sixteen bytes, the low half of a word, to 32 nibbles.
    function spread(uint256 x) internal pure returns (uint256) {
        unchecked {
            x = (x | (x << 64)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
            x = (x | (x << 32)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
            x = (x | (x << 16)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
            x = (x | (x << 8)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
            return (x | (x << 4)) & (0x0f * ONES);
        }
    }

    /// @dev 1 in each byte that is a nibble of ten or more.
    function letters(uint256 nibbles) private pure returns (uint256) {
        unchecked {
            return ((nibbles + 6 * ONES) >> 4) & ONES;
        }
    }

    /// @notice The digits of the sixteen bytes that are the low half of a word, in lower case.
    function digits(uint256 value) internal pure returns (uint256 text) {
        unchecked {
            text = spread(value);
            return text + 0x30 * ONES + 0x27 * letters(text);
        }
    }

    /// @notice `0x` and the digits of `size` bytes, six at most, as a token.
    function token(uint256 value, uint256 size) internal pure returns (uint256) {
        return Glyphs.join(Words.HEX, plain(value, size));
    }

    /// @notice The digits of `size` bytes, twelve at most, as a token.
    function plain(uint256 value, uint256 size) internal pure returns (uint256) {
        unchecked {
            uint256 text = Glyphs.first(digits(value << (128 - 8 * size)), 2 * size);
            return text | (Glyphs.measure(text, 2 * size) << 8) | (2 * size);
        }
    }

    /// @notice The `size` bytes at `p`: a word where they are few, else lines of their own.
    function bytes_(uint256 p, uint256 size) internal pure {
        unchecked {
            if (size <= SHORT) return Pen.word(token(Memory.number(p, size), size));
            Pen.line((uint256(0x3078) << 240) | (digits(Memory.number(p, GROUP - 1) << 80) >> 16), 2 * GROUP);
            p += GROUP - 1;
            size -= GROUP - 1;
            while (size != 0) {
                uint256 part = size < GROUP ? size : GROUP;
                Pen.line(digits(Memory.number(p, part) << (128 - 8 * part)), 2 * part);
                p += part;
                size -= part;
            }
        }
    }
}
