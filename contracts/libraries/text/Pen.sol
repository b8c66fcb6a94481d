// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Glyphs} from "./Glyphs.sol";
import {IWritModule} from "../../interfaces/IWritModule.sol";
import {Memory} from "../Memory.sol";
import {Words} from "./Words.sol";

/**
 * @title Fills lines, as docs/device-text.md says: what is written goes to the end of memory, a token at a time.
 * @dev A phrase is written behind a space before it is known whether it fits; where it does not, the space becomes a line feed. Only a phrase that is longer than
 * a line is written again, piece by piece. Nothing may be taken from memory between `start` and the end. Longer than most files: all that touches the state of
 * a line stands here.
 *
 * A **measure** is `256 * units + characters`, as in the low bits of a token, and measures are added. Too many of either, and no more than MASK, set a bit of TOO_MUCH
 * once OVER was added to them: 53 characters have always too many units, so no carry hides anything.
 */
library Pen {
    uint256 private constant AT = 0x200;
    /// Where the next character goes.
    uint256 private constant OUT = AT;
    /// Where the space or line feed before the phrase stands.
    uint256 private constant START = AT + 0x20;
    /// In the low 40 bits the measure of the phrase, its separator counted as a space, or 0 where there is none; then OPENED and HEX; from bit 48 on what stands before the next phrase.
    uint256 private constant PHRASE = AT + 0x40;
    /// How many lines were begun in the high half; in the low one OVER and the measure of the line at hand without the phrase, less a space's where it is empty (EMPTY).
    uint256 private constant LINE = AT + 0x60;
    /// A bit for each position in the phrase, counted from START, at which a piece begins, but the first.
    uint256 private constant PIECES = AT + 0x80;
    // Only while a phrase is written piece by piece: where the line at hand begins, its width, how many lines were begun.
    uint256 private constant LINE_START = AT + 0xa0;
    uint256 private constant LINE_UNITS = AT + 0xc0;
    uint256 private constant LINES = AT + 0xe0;

    uint256 private constant SPACE = 0x20;
    uint256 private constant FEED = 0x0a;
    uint256 private constant NEXT = 48;
    uint256 private constant SPACED = SPACE << NEXT;
    uint256 private constant FED = FEED << NEXT;
    /// An opening parenthesis waits for a word.
    uint256 private constant OPENED = 1 << 40;
    /// The phrase is hex, and its measure an upper bound; what comes next begins a line.
    uint256 private constant HEX = 1 << 41;
    /// A token's measure.
    uint256 private constant MEASURE = 0xffffff;
    uint256 private constant SEPARATOR = Glyphs.SPACE * 256 + 1;
    uint256 private constant SEMICOLON = Words.SEMICOLON & MEASURE;
    uint256 private constant OVER = ((0x7fff - Glyphs.UNITS) << 8) | (0x7f - Glyphs.COLUMNS);
    uint256 private constant EMPTY = OVER - SEPARATOR;
    /// Units, characters; and OPENED and HEX, which ask for the long way too.
    uint256 private constant TOO_MUCH = 0xffffff800080;
    uint256 private constant MASK = 0xffffffffff;
    /// A line of hex that is no longer than this is no wider than that many units, one sign behind it included.
    uint256 private constant HEX_UNITS = 966;

    /// @notice Begins to write at `p`, with the first line.
    function start(uint256 p) internal pure {
        unchecked {
            Memory.put(OUT, p);
            Memory.put(PHRASE, FED);
            Memory.put(LINE, (1 << 128) + EMPTY);
        }
    }

    /// @notice Ends the last phrase; where the text ends, and how many lines it has.
    function finish() internal pure returns (uint256 end_, uint256 lines) {
        unchecked {
            lines = place() >> 128;
            // A line that was fed but not begun is none.
            if (Memory.word(PHRASE) & MASK == 0) --lines;
            return (Memory.word(OUT), lines);
        }
    }

    // ---------------------------------------------------------------- words

    /// @notice Begins a phrase with a token.
    function word(uint256 token) internal pure {
        unchecked {
            uint256 phrase = Memory.word(PHRASE);
            uint256 placed = Memory.word(LINE) + uint48(phrase);
            if (placed & TOO_MUCH != 0) {
                if (phrase & OPENED != 0) {
                    Memory.put(PHRASE, phrase ^ OPENED);
                    return soft(token);
                }
                placed = squeeze(phrase, placed);
                if (phrase & HEX != 0) placed = fed(placed);
            }
            Memory.put(LINE, placed);
            uint256 out = Memory.word(OUT);
            Memory.putByte(out, phrase >> NEXT);
            Memory.put(out + 1, token);
            begin(out, (token & MEASURE) + (SPACED | SEPARATOR), out + 1 + uint8(token));
        }
    }

    /// @dev A phrase begins at `from` and goes on at `out`.
    function begin(uint256 from, uint256 phrase, uint256 out) private pure {
        Memory.put(START, from);
        Memory.put(PHRASE, phrase);
        Memory.put(PIECES, 0);
        Memory.put(OUT, out);
    }

    /// @notice Adds a token to the phrase, behind a space.
    function more(uint256 token) internal pure {
        unchecked {
            uint256 out = Memory.word(OUT);
            piece(out);
            Memory.putByte(out, SPACE);
            Memory.put(out + 1, token);
            Memory.put(PHRASE, Memory.word(PHRASE) + (token & MEASURE) + SEPARATOR);
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
            Memory.put(PHRASE, Memory.word(PHRASE) + (token & MEASURE));
            Memory.put(OUT, out + uint8(token));
        }
    }

    /// @dev A piece begins at `out`.
    function piece(uint256 out) private pure {
        unchecked {
            uint256 at = out - Memory.word(START);
            // No name, path or number is that long but one of some thirty steps inside as many parentheses.
            if (at > 255) revert IWritModule.NotShowable(0);
            Memory.put(PIECES, Memory.word(PIECES) | (1 << at));
        }
    }

    /// @notice An opening parenthesis, before the next word.
    function parenthesis() internal pure {
        word(Words.OPEN);
        Memory.put(PHRASE, Memory.word(PHRASE) | OPENED);
    }

    /// @notice What comes next begins a line.
    function newline() internal pure {
        close(Memory.word(PHRASE));
    }

    /// @notice Ends a clause.
    function end() internal pure {
        unchecked {
            uint256 out = Memory.word(OUT);
            Memory.put(out, Words.SEMICOLON);
            Memory.put(OUT, out + 1);
            close(Memory.word(PHRASE) + SEMICOLON);
        }
    }

    /// @dev Puts the phrase down, and begins a line behind it.
    function close(uint256 phrase) private pure {
        unchecked {
            uint256 placed = Memory.word(LINE) + uint48(phrase);
            if (placed & TOO_MUCH != 0) placed = squeeze(phrase, placed);
            Memory.put(LINE, fed(placed));
            Memory.put(PHRASE, FED);
        }
    }

    // ---------------------------------------------------------------- hex

    /// @notice `0x` and the 40 digits of two words, as three lines of their own.
    function address_(uint256 a, uint256 b) internal pure {
        unchecked {
            Memory.put(LINE, fresh() + (2 << 128));
            uint256 out = Memory.word(OUT);
            Memory.put(out, (uint256(0x0a3078) << 232) | (a >> 24));
            Memory.putByte(out + 15, FEED);
            Memory.put(out + 16, a << 96);
            Memory.putByte(out + 30, FEED);
            Memory.put(out + 31, (a << 208) | (b >> 48));
            begin(out + 30, FED | HEX | (HEX_UNITS * 256 + 14 + SEPARATOR), out + 45);
        }
    }

    /// @notice Some digits of a word, as a line of its own; `size` is 16 at most, and capitals stand among no more than 14.
    function line(uint256 digits, uint256 size) internal pure {
        unchecked {
            Memory.put(LINE, fresh());
            uint256 out = Memory.word(OUT);
            Memory.putByte(out, FEED);
            Memory.put(out + 1, digits);
            begin(out, FED | HEX | (HEX_UNITS * 256 + SEPARATOR + size), out + size + 1);
        }
    }

    /// @dev Puts the phrase down; LINE for one that begins a line.
    function fresh() private pure returns (uint256 placed) {
        placed = place();
        if (Memory.word(PHRASE) & MASK != 0) placed = fed(placed);
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
            uint256 at = out - Memory.word(START);
            if (at + size > 255) revert IWritModule.NotShowable(0);
            Memory.copy(out, p, size);
            Memory.put(PIECES, Memory.word(PIECES) | (pieces << at));
            Memory.put(PHRASE, Memory.word(PHRASE) + 256 * units + size);
            Memory.put(OUT, out + size);
        }
    }

    /// @notice Adds `size` characters at `p`, any number of them, that stay with what is before them.
    function glueAt(uint256 p, uint256 size) internal pure {
        unchecked {
            uint256 out = Memory.word(OUT);
            Memory.copy(out, p, size);
            Memory.put(PHRASE, Memory.word(PHRASE) + 256 * Glyphs.measureAt(p, size) + size);
            Memory.put(OUT, out + size);
        }
    }

    // ---------------------------------------------------------------- types

    /// @notice Writes the `size` characters of a list of types at `p`, on lines of their own that break behind commas; keeps at `kept` how to write them again.
    function types(uint256 p, uint256 size, uint256 kept) internal pure {
        unchecked {
            Memory.put(LINES, place() >> 128);
            uint256 from = Memory.word(OUT);
            uint256 lines = Memory.word(LINES);
            feed();
            uint256 end_ = p + size;
            uint256 last;
            while (p != end_) {
                uint256 next = p;
                do ++next; while (next != end_ && Memory.one(next - 1) != 0x2c);
                uint256 units = next - p > Glyphs.COLUMNS ? Glyphs.UNITS + 1 : Glyphs.measureAt(p, next - p);
                if (units <= Glyphs.UNITS) {
                    last = typesPiece(p, next, units);
                } else {
                    for (uint256 part = p; part != next;) {
                        uint256 to = part;
                        do ++to; while (to != next && Memory.one(to - 1) != 0x28 && Memory.one(to) != 0x5b);
                        last = typesPiece(part, to, Glyphs.measureAt(part, to - part));
                        part = to;
                    }
                }
                p = next;
            }
            // The line at hand is the phrase now, and what may still go to the next line is its last piece.
            uint256 begun = Memory.word(LINE_START);
            uint256 out = Memory.word(OUT);
            uint256 measure = 256 * Memory.word(LINE_UNITS) + (out - begun);
            Memory.put(LINE, (Memory.word(LINES) << 128) + EMPTY);
            begin(begun - 1, SPACED | (SEPARATOR + measure), out);
            if (last > begun) Memory.put(PIECES, 1 << (last - begun + 1));
            // Five words: where the types stand, their size, where their phrase begins, lines and the phrase's measure, its pieces.
            Memory.put(kept, from);
            Memory.put(kept + 32, out - from);
            Memory.put(kept + 64, begun - 1 - from);
            Memory.put(kept + 96, ((Memory.word(LINES) - lines) << 128) | (SEPARATOR + measure));
            Memory.put(kept + 128, Memory.word(PIECES));
        }
    }

    /// @dev Where a piece of types begins that was written.
    function typesPiece(uint256 from, uint256 to, uint256 units) private pure returns (uint256) {
        unchecked {
            putPiece(from, to - from, units, false);
            return Memory.word(OUT) - (to - from);
        }
    }

    /// @notice Writes again what was kept at `p`, of types that end at `end_`.
    function repeat(uint256 p, uint256 end_) internal pure {
        unchecked {
            uint256 placed = place();
            uint256 out = Memory.word(OUT);
            uint256 size = Memory.word(p + 32);
            uint256 begun = Memory.word(p + 64);
            uint256 counts = Memory.word(p + 96);
            // What was the phrase may have been written anew since then, with what stood behind it.
            Memory.copy(out, Memory.word(p), begun + 1);
            uint256 rest = size - begun - 1;
            Memory.copy(out + begun + 1, end_ - rest, rest);
            Memory.put(LINE, ((placed >> 128) << 128) + ((counts >> 128) << 128) + EMPTY);
            begin(out + begun, SPACED | uint128(counts), out + size);
            Memory.put(PIECES, Memory.word(p + 128));
        }
    }

    // ---------------------------------------------------------------- lines

    /// @dev Puts the phrase down; what LINE becomes.
    function place() private pure returns (uint256 placed) {
        unchecked {
            uint256 phrase = Memory.word(PHRASE);
            placed = Memory.word(LINE) + uint48(phrase);
            if (placed & TOO_MUCH != 0) placed = squeeze(phrase, placed);
        }
    }

    /// @dev LINE for the line behind that of `placed`.
    function fed(uint256 placed) private pure returns (uint256) {
        unchecked {
            return ((placed >> 128) << 128) + (1 << 128) + EMPTY;
        }
    }

    /// @dev Puts a phrase down which does not fit, or is marked; what LINE becomes.
    function squeeze(uint256 phrase, uint256 placed) private pure returns (uint256) {
        unchecked {
            uint256 begun = placed - uint48(phrase);
            uint256 measure = phrase & MASK;
            bool empty = uint48(begun) == EMPTY;
            if (!empty && (EMPTY + uint48(phrase)) & TOO_MUCH == 0) {
                Memory.putByte(Memory.word(START), FEED);
                return fed(begun) + measure;
            }
            if ((begun + measure) & TOO_MUCH == 0) return begun + measure;
            uint256 from = Memory.word(START) + 1;
            uint256 size = Memory.word(OUT) - from;
            if (phrase & HEX != 0) {
                measure = SEPARATOR + 256 * Glyphs.measureAt(from, size) + size;
                if ((begun + measure) & TOO_MUCH == 0) return begun + measure;
            }
            if (!empty && (EMPTY + measure) & TOO_MUCH == 0) {
                Memory.putByte(from - 1, FEED);
                return fed(begun) + measure;
            }
            Memory.put(LINES, begun >> 128);
            // Without OVER there is the measure of what stands on the line.
            uint256 line_ = empty ? 0 : uint128(begun) - OVER;
            Memory.put(LINE_UNITS, line_ >> 8);
            Memory.put(LINE_START, empty ? from : from - 1 - uint8(line_));
            long(from, size, empty);
            return
                (Memory.word(LINES) << 128) +
                OVER +
                256 * Memory.word(LINE_UNITS) +
                Memory.word(OUT) -
                Memory.word(LINE_START);
        }
    }

    /// @dev Writes the `size` characters at `from` again, which are longer than a line, piece by piece; on a line that is `empty`, or behind a space.
    function long(uint256 from, uint256 size, bool empty) private pure {
        unchecked {
            // At most one line feed for each character is added.
            uint256 source = from + 2 * size + 65;
            Memory.copy(source, from, size);
            Memory.put(OUT, empty ? from : from - 1);
            uint256 pieces = Memory.word(PIECES) >> 1;
            from = 0;
            while (from != size) {
                uint256 to = from + 1;
                while (to != size && (pieces >> to) & 1 == 0) ++to;
                bool spaced = from == 0 || Memory.one(source + from) == SPACE;
                if (from != 0 && spaced) ++from;
                uint256 units = Glyphs.measureAt(source + from, to - from);
                putPiece(source + from, to - from, units, spaced && !(from == 0 && empty));
                from = to;
            }
        }
    }

    /// @dev The `size` characters at `p`, so many units wide, on the line at hand or the next, and if need be on several.
    function putPiece(uint256 p, uint256 size, uint256 units, bool spaced) private pure {
        unchecked {
            uint256 out = Memory.word(OUT);
            uint256 before = spaced ? 1 : 0;
            uint256 sum = Memory.word(LINE_UNITS) + before * Glyphs.SPACE + units;
            if (out + before + size - Memory.word(LINE_START) <= Glyphs.COLUMNS && sum <= Glyphs.UNITS) {
                Memory.putByte(out, SPACE);
                Memory.copy(out + before, p, size);
                Memory.put(OUT, out + before + size);
                Memory.put(LINE_UNITS, sum);
                return;
            }
            // A line that is empty has nothing before it.
            if (out != Memory.word(LINE_START)) feed();
            for (; size != 0; --size) {
                uint256 character = Memory.one(p);
                units = Glyphs.unitsOf(character);
                out = Memory.word(OUT);
                if (out - Memory.word(LINE_START) == Glyphs.COLUMNS || Memory.word(LINE_UNITS) + units > Glyphs.UNITS) {
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
            Memory.put(LINE_START, out + 1);
            Memory.put(LINE_UNITS, 0);
            Memory.put(LINES, Memory.word(LINES) + 1);
        }
    }
}
