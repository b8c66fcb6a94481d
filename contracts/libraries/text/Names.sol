// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "../Bits.sol";
import {Glyphs} from "./Glyphs.sol";
import {Keywords} from "./Keywords.sol";
import {Memory} from "../Memory.sol";
import {Pen} from "./Pen.sol";
import {Sheet} from "./Sheet.sol";
import {Words} from "./Words.sol";

/// @title Names of functions, parameters and tokens: which characters they have, and how much of them is shown.
library Names {
    /// 1 in every byte.
    uint256 private constant ONES = type(uint256).max / 0xff;
    /// The characters of a string constant that is shown in quotes, a bit for each.
    uint256 private constant QUOTABLE = 0x7fffffe87fffffea7ffe04000000000;

    uint256 private constant LONGEST_SHOWN = 14;
    uint256 private constant LONGEST_SYMBOL = 11;
    uint256 private constant SYMBOL_UNITS = 640;
    uint256 private constant LONGEST_PIECE = 16;
    uint256 private constant LONGEST_FUNCTION = 64;
    /// What a parameter's name became that is not shown.
    uint256 private constant HIDDEN = 1;

    /// @dev Whether the `size` characters at `p` are letters, digits, and the two others given; 32 of them at a time.
    function all(uint256 p, uint256 size, uint256 other, uint256 another) private pure returns (bool) {
        unchecked {
            for (; size > 32; size -= 32) {
                if (!each(Memory.word(p), 32, other, another)) return false;
                p += 32;
            }
            return each(Memory.word(p), size, other, another);
        }
    }

    /// @dev The same of the first `size` bytes of a word. INVARIANT: in a sum of bytes below 0x80 no byte carries into the next.
    function each(uint256 text, uint256 size, uint256 other, uint256 another) private pure returns (bool) {
        unchecked {
            uint256 low = text & (0x7f * ONES);
            uint256 small = low | (0x20 * ONES);
            // The highest bit of a byte: from `a` on, but not behind `z`; from `0` on, but not behind `9`; not unequal to the others.
            uint256 good =
                ((small + 0x1f * ONES) ^ (small + 0x05 * ONES)) |
                    ((low + 0x50 * ONES) ^ (low + 0x46 * ONES)) |
                    ~((low ^ (other * ONES)) + 0x7f * ONES) |
                    ~((low ^ (another * ONES)) + 0x7f * ONES);
            return (~good | text) & (0x80 * ONES) & ~(type(uint256).max >> (8 * size)) == 0;
        }
    }

    /// @dev Whether the character at `p` is a digit.
    function digit(uint256 p) private pure returns (bool) {
        unchecked {
            return Memory.one(p) - 0x30 < 10;
        }
    }

    function quotable(uint256 p, uint256 size) internal pure returns (bool) {
        unchecked {
            for (uint256 end = p + size; p != end; ++p) if ((QUOTABLE >> Memory.one(p)) & 1 == 0) return false;
            return true;
        }
    }

    /// @notice Refuses what is no function's name, at `p`.
    function ofFunction(uint256 p, uint256 size) internal pure {
        if (size == 0 || size > LONGEST_FUNCTION || !all(p, size, 0x5f, 0x5f) || digit(p)) Sheet.hide(p);
    }

    // ---------------------------------------------------------------- parameters

    /// @notice Refuses what is no parameter's name, in `length1 ‖ name` at `p`; where it stands, or 0 where it is empty.
    function check(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 size = Memory.one(p);
            if (size == 0) return 0;
            if (!all(p + 1, size, 0x5f, 0x24) || digit(p + 1)) Sheet.hide(p);
            return p;
        }
    }

    /// @notice What a node's name is shown as, a token; 0 where it is not.
    function shown(uint256 node) internal pure returns (uint256) {
        unchecked {
            uint256 name = Memory.word(node + 32);
            if (name > type(uint128).max) return name;
            if (name < 2) return 0;
            uint256 size = Memory.one(name);
            uint256 token = HIDDEN;
            uint256 text = Glyphs.first(Memory.word(name + 1), size);
            if (size <= LONGEST_SHOWN && each(text, size, 0x30, 0x30)) {
                if (!Keywords.has(text, size)) token = text | (Glyphs.measure(text, size) << 8) | size;
            }
            Memory.put(node + 32, token);
            return token == HIDDEN ? 0 : token;
        }
    }

    // ---------------------------------------------------------------- symbols

    /// @notice The token of the symbol of `size` characters at `p`, which reads as nothing else.
    function symbol(uint256 p, uint256 size) internal pure returns (uint256 token) {
        unchecked {
            token = Glyphs.tokenAt(p, size);
            uint256 second = Bits.byteAt(token, 1) - 0x30;
            if (
                size > LONGEST_SYMBOL ||
                !each(token, size, 0x30, 0x30) ||
                digit(p) ||
                Glyphs.widthOf(token) > SYMBOL_UNITS ||
                Keywords.has((token >> 24) << 24, size) ||
                (Bits.byteAt(token, 0) | 0x20 == 0x65 && second < 10)
            ) Sheet.hide(p);
        }
    }

    /// @notice A symbol of which case is taken away.
    function folded(uint256 token) internal pure returns (uint256) {
        return (token >> 168) | 0x2020202020202020202020;
    }

    // ---------------------------------------------------------------- functions

    /// @notice The name of `size` characters at `p` as one token; 0 where it has to be cut.
    function whole(uint256 p, uint256 size) internal pure returns (uint256 token) {
        if (size > LONGEST_PIECE) return 0;
        token = Glyphs.tokenAt(p, size);
        if (Glyphs.widthOf(token) > Glyphs.UNITS) token = 0;
    }

    /// @notice Writes the name of `size` characters at `p`, which is cut where it is too long for a line.
    function write(uint256 p, uint256 size) internal pure {
        unchecked {
            uint256 token = whole(p, size);
            while (token == 0) {
                uint256 length = cut(p);
                Pen.word(Glyphs.join(Glyphs.tokenAt(p, length), Words.MINUS));
                Pen.newline();
                p += length;
                size -= length;
                token = whole(p, size);
            }
            Pen.word(token);
        }
    }

    /// @dev How much of the name at `p` is cut off: up to the last capital that comes early enough, else as much as fits.
    function cut(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 most = 1;
            uint256 units = Glyphs.unitsOf(Memory.one(p)) + Glyphs.widthOf(Words.MINUS);
            while (most + 2 <= LONGEST_PIECE) {
                units += Glyphs.unitsOf(Memory.one(p + most));
                if (units > Glyphs.UNITS) break;
                ++most;
            }
            for (uint256 length = most; length != 0; --length) if (Memory.one(p + length) - 0x41 < 26) return length;
            return most;
        }
    }
}
