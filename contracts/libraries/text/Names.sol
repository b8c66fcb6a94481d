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
    /// A bit for each character: letters; letters and digits; these and `_`; these and `$`.
    uint256 private constant LETTERS = 0x7fffffe07fffffe0000000000000000;
    uint256 private constant ALPHANUMERIC = 0x7fffffe07fffffe03ff000000000000;
    uint256 private constant FUNCTION = 0x7fffffe87fffffe03ff000000000000;
    uint256 private constant PARAMETER = 0x7fffffe87fffffe03ff001000000000;
    uint256 private constant DIGITS = 0x3ff000000000000;
    /// The characters of a string constant that is shown in quotes.
    uint256 private constant QUOTABLE = 0x7fffffe87fffffea7ffe04000000000;

    uint256 private constant LONGEST_SHOWN = 14;
    uint256 private constant LONGEST_SYMBOL = 11;
    uint256 private constant SYMBOL_UNITS = 640;
    uint256 private constant LONGEST_PIECE = 16;
    uint256 private constant LONGEST_FUNCTION = 64;
    /// What a parameter's name became that is not shown.
    uint256 private constant HIDDEN = 1;

    /// @dev Whether all of the `size` characters at `p` are in a set.
    function all(uint256 p, uint256 size, uint256 set) private pure returns (bool) {
        unchecked {
            for (uint256 end = p + size; p != end; ++p) if ((set >> Memory.number(p, 1)) & 1 == 0) return false;
            return true;
        }
    }

    function quotable(uint256 p, uint256 size) internal pure returns (bool) {
        return all(p, size, QUOTABLE);
    }

    /// @notice Refuses what is no function's name, at `p`.
    function ofFunction(uint256 p, uint256 size) internal pure {
        if (size == 0 || size > LONGEST_FUNCTION || !all(p, size, FUNCTION) || (DIGITS >> Memory.number(p, 1)) & 1 == 1)
            Sheet.hide(p);
    }

    // ---------------------------------------------------------------- parameters

    /// @notice Refuses what is no parameter's name, in `length1 ‖ name` at `p`; where it stands, or 0 where it is empty.
    function check(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 size = Memory.number(p, 1);
            if (size == 0) return 0;
            if (!all(p + 1, size, PARAMETER) || (DIGITS >> Memory.number(p + 1, 1)) & 1 == 1) Sheet.hide(p);
            return p;
        }
    }

    /// @notice What a node's name is shown as, a token; 0 where it is not.
    function shown(uint256 node) internal pure returns (uint256) {
        unchecked {
            uint256 name = Memory.word(node + 32);
            if (name > type(uint128).max) return name;
            if (name < 2) return 0;
            uint256 size = Memory.number(name, 1);
            uint256 token = HIDDEN;
            if (size <= LONGEST_SHOWN && all(name + 1, size, ALPHANUMERIC)) {
                uint256 text = Glyphs.first(Memory.word(name + 1), size);
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
                (LETTERS >> Bits.byteAt(token, 0)) & 1 == 0 ||
                !all(p, size, ALPHANUMERIC) ||
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
            uint256 units = Glyphs.unitsOf(Memory.number(p, 1)) + Glyphs.widthOf(Words.MINUS);
            while (most + 2 <= LONGEST_PIECE) {
                units += Glyphs.unitsOf(Memory.number(p + most, 1));
                if (units > Glyphs.UNITS) break;
                ++most;
            }
            for (uint256 length = most; length != 0; --length)
                if (Memory.number(p + length, 1) - 0x41 < 26) return length;
            return most;
        }
    }
}
