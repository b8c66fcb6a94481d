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

    // Where the masks of `spread` stand.
    uint256 private constant MASK_8 = 0xbc0;
    uint256 private constant MASK_4 = 0xbe0;
    uint256 private constant MASK_2 = 0xc00;
    uint256 private constant MASK_1 = 0xc20;
    uint256 private constant NIBBLES = 0xc40;
    uint256 private constant EACH = 0xc60;

    /// @notice Writes the masks.
    function open() internal pure {
        Memory.put(MASK_8, 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff);
        Memory.put(MASK_4, 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff);
        Memory.put(MASK_2, 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff);
        Memory.put(MASK_1, 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff);
        Memory.put(NIBBLES, 0x0f * ONES);
        Memory.put(EACH, ONES);
    }

    /// @notice An address in EIP-55.
    function party(uint256 value) internal pure {
        unchecked {
            // The first 16 bytes, and the last four at the end of a word.
            uint256 a = spread(value >> 32);
            uint256 b = spreadFour(value & 0xffffffff);
            uint256 lettersA = letters(a);
            uint256 lettersB = letters(b);
            a += 0x30 * Memory.word(EACH) + 0x27 * lettersA;
            b += 0x30 * Memory.word(EACH) + 0x27 * lettersB;
            // The hash of the 40 digits decides letter by letter. Nothing is taken: they are written where the scratch space is.
            Memory.put(8, b);
            Memory.put(0, a);
            uint256 hash = Memory.hash(0, 40);
            // A letter whose nibble of the hash is 8 or more becomes a capital: 0x20 less.
            a -= (lettersA << 5) & (spread(hash >> 128) << 2);
            b -= (lettersB << 5) & (spreadFour(uint128(hash) >> 96) << 2);
            Pen.address_(a, b << 192);
        }
    }

    /// @dev Four bytes, the lowest of a word, to eight nibbles.
    function spreadFour(uint256 x) private pure returns (uint256) {
        unchecked {
            x = (x | (x << 16)) & Memory.word(MASK_2);
            x = (x | (x << 8)) & Memory.word(MASK_1);
            return (x | (x << 4)) & Memory.word(NIBBLES);
        }
    }

    /// @notice Sixteen bytes, the low half of a word, to 32 nibbles.
    function spread(uint256 x) internal pure returns (uint256) {
        unchecked {
            x = (x | (x << 64)) & Memory.word(MASK_8);
            x = (x | (x << 32)) & Memory.word(MASK_4);
            x = (x | (x << 16)) & Memory.word(MASK_2);
            x = (x | (x << 8)) & Memory.word(MASK_1);
            return (x | (x << 4)) & Memory.word(NIBBLES);
        }
    }

    /// @dev 1 in each byte that is a nibble of ten or more.
    function letters(uint256 nibbles) private pure returns (uint256) {
        unchecked {
            uint256 each = Memory.word(EACH);
            return ((nibbles + 6 * each) >> 4) & each;
        }
    }

    /// @notice The digits of the sixteen bytes that are the low half of a word, in lower case.
    function digits(uint256 value) internal pure returns (uint256 text) {
        unchecked {
            text = spread(value);
            return text + 0x30 * Memory.word(EACH) + 0x27 * letters(text);
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
