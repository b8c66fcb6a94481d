// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Glyphs} from "./Glyphs.sol";
import {IWritModule} from "../../interfaces/IWritModule.sol";
import {Memory} from "../Memory.sol";
import {Words} from "./Words.sol";

/**
 * @title Fills lines, as docs/device-text.md says: what is written goes to the end of memory, a token at a time.
 * @dev A phrase is written behind a space before it is known whether it fits; where it does not, the space becomes a line feed. Only a phrase that is longer than
 * a line is written again, piece by piece. Fields as in Scope. Nothing may be taken from memory between `start` and the end.
 */
library Pen {
    uint256 private constant AT = 0x200;
    /// Where the next character goes.
    uint256 private constant OUT = AT;
    /// Where the line at hand begins, and its width without the phrase.
    uint256 private constant LINE = AT + 0x20;
    uint256 private constant LINE_UNITS = AT + 0x40;
    /// Where the space or line feed before the phrase stands, and the phrase's width without it.
    uint256 private constant PHRASE = AT + 0x60;
    uint256 private constant PHRASE_UNITS = AT + 0x80;
    /// What is written before the next phrase.
    uint256 private constant NEXT = AT + 0xa0;
    /// A bit for each position in the phrase, counted from PHRASE, at which a piece begins, but the first.
    uint256 private constant PIECES = AT + 0xc0;
    /// Not 0: an opening parenthesis waits for a word.
    uint256 private constant OPENED = AT + 0xe0;
    /// Not 0: the phrase is hex, whose width is not known.
    uint256 private constant HEX = AT + 0x100;
    /// How many lines were begun.
    uint256 private constant LINES = AT + 0x120;
    uint256 private constant SPACE = 0x20;
    uint256 private constant FEED = 0x0a;

    /// @notice Begins to write at `p`, with the first line; a byte before it may be overwritten.
    function start(uint256 p) internal pure {
        unchecked {
            Memory.putByte(p - 1, FEED);
            Memory.put(OUT, p);
            Memory.put(PHRASE, p - 1);
            Memory.put(PHRASE_UNITS, 0);
            Memory.put(NEXT, FEED);
            Memory.put(OPENED, 0);
            Memory.put(HEX, 0);
            // The line that ended before is none of these.
            Memory.put(LINES, type(uint256).max);
        }
    }

    /// @notice Ends the last phrase; where the text ends, and how many lines it has.
    function finish() internal pure returns (uint256 end, uint256 lines) {
        place();
        return (Memory.word(OUT), Memory.word(LINES));
    }

    // ---------------------------------------------------------------- words

    /// @notice Begins a phrase with a token.
    function word(uint256 token) internal pure {
        unchecked {
            if (Memory.word(OPENED) != 0) {
                Memory.put(OPENED, 0);
                soft(token);
                return;
            }
            place();
            uint256 out = Memory.word(OUT);
            Memory.put(out, (Memory.word(NEXT) << 248) | (token >> 8));
            Memory.put(PHRASE, out);
            Memory.put(PHRASE_UNITS, uint16(token >> 8));
            Memory.put(OUT, out + 1 + uint8(token));
            Memory.put(NEXT, SPACE);
            Memory.put(PIECES, 0);
            Memory.put(HEX, 0);
        }
    }

    /// @notice Adds a token to the phrase, behind a space.
    function more(uint256 token) internal pure {
        unchecked {
            uint256 out = Memory.word(OUT);
            piece(out);
            Memory.put(out, (SPACE << 248) | (token >> 8));
            Memory.put(PHRASE_UNITS, Memory.word(PHRASE_UNITS) + Glyphs.SPACE + uint16(token >> 8));
            Memory.put(OUT, out + 1 + uint8(token));
        }
    }

    /// @notice Adds a token that may stand on the next line if need be.
    function soft(uint256 token) internal pure {
        piece(Memory.word(OUT));
        glue(token);
    }

    /// @notice Adds a token that stays with what is before it.
    function glue(uint256 token) internal pure {
        unchecked {
            uint256 out = Memory.word(OUT);
            Memory.put(out, token);
            Memory.put(PHRASE_UNITS, Memory.word(PHRASE_UNITS) + uint16(token >> 8));
            Memory.put(OUT, out + uint8(token));
        }
    }

    /// @dev A piece begins at `out`.
    function piece(uint256 out) private pure {
        unchecked {
            uint256 at = out - Memory.word(PHRASE);
            // No name, path or number is that long but one of some thirty steps inside as many parentheses.
            if (at > 255) revert IWritModule.NotShowable(0);
            Memory.put(PIECES, Memory.word(PIECES) | (1 << at));
        }
    }

    /// @notice An opening parenthesis, before the next word.
    function parenthesis() internal pure {
        word(Words.OPEN);
        Memory.put(OPENED, 1);
    }

    /// @notice What comes next begins a line.
    function newline() internal pure {
        Memory.put(NEXT, FEED);
        Memory.put(OPENED, 0);
    }

    /// @notice Ends a clause.
    function end() internal pure {
        glue(Words.SEMICOLON);
        newline();
    }

    // ---------------------------------------------------------------- hex

    /// @notice `0x` and the 40 digits of two words, as three lines of their own.
    function address_(uint256 a, uint256 b) internal pure {
        unchecked {
            place();
            uint256 out = Memory.word(OUT);
            Memory.put(out, (uint256(0x0a3078) << 232) | (a >> 24));
            Memory.put(out + 15, (FEED << 248) | ((a << 96) >> 8));
            Memory.put(out + 30, (FEED << 248) | ((a << 208) >> 8) | (b >> 56));
            group(out, 2, 45);
        }
    }

    /// @notice Some digits of a word, as a line of its own; `size` is 16 at most.
    function line(uint256 digits, uint256 size) internal pure {
        unchecked {
            place();
            uint256 out = Memory.word(OUT);
            Memory.put(out, (FEED << 248) | (digits >> 8));
            group(out, 0, size + 1);
        }
    }

    /// @dev Hex was written at `out`: some lines that are complete, and one that is the phrase.
    function group(uint256 out, uint256 complete, uint256 size) private pure {
        unchecked {
            Memory.put(LINES, Memory.word(LINES) + complete);
            Memory.put(PHRASE, out + 15 * complete);
            Memory.put(PHRASE_UNITS, 0);
            Memory.put(OUT, out + size);
            Memory.put(NEXT, FEED);
            Memory.put(PIECES, 0);
            Memory.put(OPENED, 0);
            Memory.put(HEX, 1);
        }
    }

    // ---------------------------------------------------------------- longer pieces

    /// @notice A place behind the text where 32 bytes may stand until a phrase is written that is longer than a line.
    function scratch() internal pure returns (uint256) {
        unchecked {
            return Memory.word(OUT) + 512;
        }
    }

    /// @notice Adds a path of `size` characters at `p` that stays with what is before it but at the bits of `pieces`, where it may break.
    function path(uint256 p, uint256 size, uint256 units, uint256 pieces) internal pure {
        unchecked {
            uint256 out = Memory.word(OUT);
            uint256 at = out - Memory.word(PHRASE);
            if (at + size > 255) revert IWritModule.NotShowable(0);
            Memory.copy(out, p, size);
            Memory.put(PIECES, Memory.word(PIECES) | (pieces << at));
            Memory.put(PHRASE_UNITS, Memory.word(PHRASE_UNITS) + units);
            Memory.put(OUT, out + size);
        }
    }

    /// @notice Adds `size` characters at `p`, any number of them, that stay with what is before them.
    function glueAt(uint256 p, uint256 size) internal pure {
        unchecked {
            uint256 out = Memory.word(OUT);
            Memory.copy(out, p, size);
            Memory.put(PHRASE_UNITS, Memory.word(PHRASE_UNITS) + Glyphs.measureAt(p, size));
            Memory.put(OUT, out + size);
        }
    }

    // ---------------------------------------------------------------- types

    /// @notice Writes the `size` characters of a list of types at `p`, on lines of their own that break behind commas; keeps at `kept` how to write them again.
    function types(uint256 p, uint256 size, uint256 kept) internal pure {
        unchecked {
            place();
            uint256 from = Memory.word(OUT);
            uint256 lines = Memory.word(LINES);
            feed();
            uint256 end = p + size;
            uint256 last;
            while (p != end) {
                uint256 next = p;
                do ++next; while (next != end && Memory.number(next - 1, 1) != 0x2c);
                if (next - p <= Glyphs.COLUMNS && Glyphs.measureAt(p, next - p) <= Glyphs.UNITS) {
                    last = typesPiece(p, next);
                } else {
                    for (uint256 part = p; part != next;) {
                        uint256 to = part;
                        do ++to; while (to != next && Memory.number(to - 1, 1) != 0x28 && Memory.number(to, 1) != 0x5b);
                        last = typesPiece(part, to);
                        part = to;
                    }
                }
                p = next;
            }
            // The line at hand is the phrase now, and what may still go to the next line is its last piece.
            uint256 phrase = Memory.word(LINE) - 1;
            Memory.put(PIECES, last > phrase + 1 ? 1 << (last - phrase) : 0);
            fromTypes(phrase, Memory.word(LINE_UNITS));
            Memory.put(LINES, Memory.word(LINES) - 1);
            keep(kept, from, lines);
        }
    }

    /// @dev Where a piece of types begins that was written.
    function typesPiece(uint256 from, uint256 to) private pure returns (uint256) {
        unchecked {
            putPiece(from, to - from, false);
            return Memory.word(OUT) - (to - from);
        }
    }

    function fromTypes(uint256 phrase, uint256 units) private pure {
        Memory.put(PHRASE, phrase);
        Memory.put(PHRASE_UNITS, units);
        Memory.put(NEXT, SPACE);
        Memory.put(OPENED, 0);
        Memory.put(HEX, 0);
    }

    /// @dev Keeps in five words at `p` how to write again the types that begin at `from`, before which there were so many lines.
    function keep(uint256 p, uint256 from, uint256 lines) private pure {
        unchecked {
            Memory.put(p, from);
            Memory.put(p + 32, Memory.word(OUT) - from);
            Memory.put(p + 64, Memory.word(PHRASE) - from);
            Memory.put(p + 96, ((Memory.word(LINES) - lines) << 128) | Memory.word(PHRASE_UNITS));
            Memory.put(p + 128, Memory.word(PIECES));
        }
    }

    /// @notice Writes again what was kept at `p`.
    function repeat(uint256 p) internal pure {
        unchecked {
            place();
            uint256 out = Memory.word(OUT);
            uint256 size = Memory.word(p + 32);
            uint256 counts = Memory.word(p + 96);
            Memory.copy(out, Memory.word(p), size);
            Memory.put(OUT, out + size);
            Memory.put(LINES, Memory.word(LINES) + (counts >> 128));
            Memory.put(PIECES, Memory.word(p + 128));
            fromTypes(out + Memory.word(p + 64), uint128(counts));
        }
    }

    // ---------------------------------------------------------------- lines

    /// @dev Puts the phrase down.
    function place() private pure {
        unchecked {
            uint256 phrase = Memory.word(PHRASE);
            uint256 units = Memory.word(PHRASE_UNITS);
            uint256 out = Memory.word(OUT);
            uint256 begin = phrase + 1;
            uint256 behind = Memory.word(LINE_UNITS) + Glyphs.SPACE + units;
            if (Memory.number(phrase, 1) == FEED) {
                Memory.put(LINES, Memory.word(LINES) + 1);
                // Fourteen digits and one sign are never too wide.
                if (Memory.word(HEX) != 0 && out - begin > 15) units = Glyphs.measureAt(begin, out - begin);
            } else if (out - Memory.word(LINE) <= Glyphs.COLUMNS && behind <= Glyphs.UNITS) {
                Memory.put(LINE_UNITS, behind);
                return;
            } else if (out - begin <= Glyphs.COLUMNS && units <= Glyphs.UNITS) {
                Memory.putByte(phrase, FEED);
                Memory.put(LINES, Memory.word(LINES) + 1);
            } else {
                return long(phrase, out);
            }
            Memory.put(LINE, begin);
            Memory.put(LINE_UNITS, units);
            if (out - begin > Glyphs.COLUMNS || units > Glyphs.UNITS) {
                Memory.put(LINE_UNITS, 0);
                long(phrase, out);
            }
        }
    }

    /// @dev Writes the phrase between `phrase` and `out` again, which is longer than a line, piece by piece.
    function long(uint256 phrase, uint256 out) private pure {
        unchecked {
            // At most one line feed for each character is added.
            uint256 source = out + (out - phrase) + 64;
            uint256 size = out - phrase - 1;
            Memory.copy(source, phrase + 1, size);
            bool empty = Memory.number(phrase, 1) == FEED;
            Memory.put(OUT, empty ? phrase + 1 : phrase);
            uint256 pieces = Memory.word(PIECES) >> 1;
            uint256 from = 0;
            while (from != size) {
                uint256 to = from + 1;
                while (to != size && (pieces >> to) & 1 == 0) ++to;
                bool spaced = from == 0 || Memory.number(source + from, 1) == SPACE;
                if (from != 0 && spaced) ++from;
                putPiece(source + from, to - from, spaced && !(from == 0 && empty));
                from = to;
            }
        }
    }

    function putPiece(uint256 p, uint256 size, bool spaced) private pure {
        unchecked {
            uint256 out = Memory.word(OUT);
            uint256 units = Glyphs.measureAt(p, size);
            uint256 before = spaced ? 1 : 0;
            uint256 sum = Memory.word(LINE_UNITS) + before * Glyphs.SPACE + units;
            if (out + before + size - Memory.word(LINE) <= Glyphs.COLUMNS && sum <= Glyphs.UNITS) {
                Memory.putByte(out, SPACE);
                Memory.copy(out + before, p, size);
                Memory.put(OUT, out + before + size);
                Memory.put(LINE_UNITS, sum);
                return;
            }
            // A line that is empty has nothing before it.
            if (out != Memory.word(LINE)) feed();
            for (; size != 0; --size) {
                uint256 character = Memory.number(p, 1);
                units = Glyphs.unitsOf(character);
                out = Memory.word(OUT);
                if (out - Memory.word(LINE) == Glyphs.COLUMNS || Memory.word(LINE_UNITS) + units > Glyphs.UNITS) {
                    feed();
                    ++out;
                }
                Memory.putByte(out, character);
                Memory.put(OUT, out + 1);
                Memory.put(LINE_UNITS, Memory.word(LINE_UNITS) + units);
                ++p;
            }
        }
    }

    /// @dev Ends the line at hand.
    function feed() private pure {
        unchecked {
            uint256 out = Memory.word(OUT);
            Memory.putByte(out, FEED);
            Memory.put(OUT, out + 1);
            Memory.put(LINE, out + 1);
            Memory.put(LINE_UNITS, 0);
            Memory.put(LINES, Memory.word(LINES) + 1);
        }
    }
}
