// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "../Bits.sol";
import {Glyphs} from "./Glyphs.sol";
import {Memory} from "../Memory.sol";
import {Names} from "./Names.sol";
import {NumberText} from "./NumberText.sol";
import {Pen} from "./Pen.sol";
import {Places} from "../Places.sol";
import {Sheet} from "./Sheet.sol";
import {Types} from "./Types.sol";
import {Words} from "./Words.sol";

/// @title Paths: followed in the types of a signature, and shown by the last name on the way and all positions.
/// @dev While a path is followed its text stands in Sheet.PATH, and the node that was reached in Sheet.NODE.
library Trail {
    /// No word offset stands in a path that is longer.
    uint256 private constant MOST = 220;
    /// The path came to no static array or tuple.
    uint256 private constant NO_OFFSET = type(uint256).max;
    /// Not a node: elements of packed bytes, `PACKED + size`.
    uint256 internal constant PACKED = 1 << 64;

    // ---------------------------------------------------------------- following

    function begin(uint256 node) private pure {
        Memory.put(Sheet.NODE, node);
        Memory.put(Sheet.NAME, 0);
        Memory.put(Sheet.PATH_SIZE, 0);
        Memory.put(Sheet.PATH_PIECES, 0);
    }

    function add(uint256 token) private pure {
        unchecked {
            uint256 size = Memory.word(Sheet.PATH_SIZE);
            if (size != 0) {
                if (size > MOST) Sheet.hide(Memory.word(Sheet.GRANT));
                Memory.putByte(Sheet.PATH + size, 0x2e);
                ++size;
                Memory.put(Sheet.PATH_PIECES, Memory.word(Sheet.PATH_PIECES) | (1 << size));
            }
            Memory.put(Sheet.PATH + size, token);
            Memory.put(Sheet.PATH_SIZE, size + Glyphs.lengthOf(token));
        }
    }

    /// @dev Steps into component number `index` of the node, which has so many.
    function component(uint256 index) private pure {
        unchecked {
            add(NumberText.digits(index));
            uint256 node = Types.childOf(Memory.word(Sheet.NODE));
            for (; index != 0; --index) node = Types.nextOf(node);
            Memory.put(Sheet.NODE, node);
            Memory.put(Sheet.NAME, node);
        }
    }

    function element(uint256 token) private pure {
        add(token);
        Memory.put(Sheet.NODE, Types.childOf(Memory.word(Sheet.NODE)));
    }

    /// @dev Takes one step that does not stand in a static type.
    function step(uint256 p, uint256 kind, uint256 index) private pure {
        unchecked {
            uint256 node = Memory.word(Sheet.NODE);
            uint256 form = Types.kindOf(node);
            if (kind == 0) {
                if (form != Types.TUPLE || index >= Types.countOf(node)) Sheet.fail(p);
                return component(index);
            }
            if (kind == 2) {
                if (form != Types.ARRAY || index != 0) Sheet.fail(p);
                return element(Words.LAST);
            }
            if (kind != 1 || (form != Types.ARRAY && (form != Types.FIXED_ARRAY || index >= Types.countOf(node))))
                Sheet.fail(p);
            element(NumberText.digits(index));
        }
    }

    /// @dev `stepCount1 ‖ { step1 ‖ index2 }*`; the words that are left of the path inside a static array or tuple, or NO_OFFSET.
    function steps(uint256 p, bool fromArguments) private pure returns (uint256 next, uint256 offset) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            ++p;
            for (; count != 0; --count) {
                uint256 kind = Memory.number(p, 1);
                uint256 index = Memory.number(p + 1, 2);
                if (!fromArguments && isWords(Memory.word(Sheet.NODE))) {
                    if (kind != 3 || count != 1) Sheet.fail(p);
                    return (p + 3, index);
                }
                step(p, kind, index);
                fromArguments = false;
                p += 3;
            }
            return (p, NO_OFFSET);
        }
    }

    /// @dev Whether a node stands in the heads as words, but is no value.
    function isWords(uint256 node) private pure returns (bool) {
        return Types.wordsOf(node) != 0 && Types.kindOf(node) != Types.VALUE;
    }

    /// @dev Steps into the member of the node, a static array or tuple, in which word number `offset` stands; how many words into it that is.
    function into(uint256 p, uint256 offset) private pure returns (uint256) {
        unchecked {
            uint256 node = Memory.word(Sheet.NODE);
            if (!isWords(node) || offset >= Types.wordsOf(node)) Sheet.fail(p);
            uint256 member = Types.childOf(node);
            uint256 words = Types.wordsOf(member);
            if (Types.kindOf(node) == Types.FIXED_ARRAY) {
                element(NumberText.digits(Bits.quotient(offset, words)));
                return offset - words * Bits.quotient(offset, words);
            }
            uint256 index = 0;
            for (; offset >= words; ++index) {
                offset -= words;
                member = Types.nextOf(member);
                words = Types.wordsOf(member);
            }
            component(index);
            return offset;
        }
    }

    /// @dev `word1`: the static argument there, and how many words into it that is.
    function head(uint256 p) private pure returns (uint256 offset) {
        unchecked {
            uint256 node = Memory.word(Sheet.ARGUMENTS);
            if (node == 0) Sheet.fail(p);
            begin(node);
            offset = Memory.number(p, 1);
            uint256 index = 0;
            node = Types.childOf(node);
            for (; node != 0 && offset >= Types.headWordsOf(node); ++index) {
                offset -= Types.headWordsOf(node);
                node = Types.nextOf(node);
            }
            if (node == 0 || Types.wordsOf(node) == 0) Sheet.fail(p);
            component(index);
        }
    }

    /// @notice What the elements of the quantifier `depth` levels out are.
    function elementsOf(uint256 p, uint256 depth) internal pure returns (uint256) {
        unchecked {
            uint256 around = Memory.word(Sheet.DEPTH);
            if (depth >= around) Sheet.fail(p);
            return Memory.word(Sheet.ELEMENTS + 32 * (around - 1 - depth));
        }
    }

    /// @notice `item`, or `item2` and so on inside other quantifiers.
    function itemName(uint256 level) internal pure returns (uint256) {
        return level < 2 ? Words.ITEM : Glyphs.join(Words.ITEM, NumberText.digits(level));
    }

    function fromElement(uint256 p, uint256 depth) private pure {
        unchecked {
            uint256 node = elementsOf(p, depth);
            if (node >= PACKED) Sheet.fail(p);
            begin(node);
            add(itemName(Memory.word(Sheet.DEPTH) - depth));
        }
    }

    /// @dev Goes on to the value that word number `offset` of the node is.
    function value(uint256 p, uint256 offset) private pure {
        // An offset is written also where it is 0.
        if (offset == NO_OFFSET) offset = isWords(Memory.word(Sheet.NODE)) ? Types.MOST : 0;
        while (isWords(Memory.word(Sheet.NODE))) offset = into(p, offset);
        uint256 node = Memory.word(Sheet.NODE);
        if (offset != 0 || Types.kindOf(node) != Types.VALUE) Sheet.fail(p);
    }

    /// @dev `type1` at `p`, which must be the node's.
    function typed(uint256 p) private pure returns (uint256) {
        unchecked {
            if (Memory.number(p, 1) != Types.codeOf(Memory.word(Sheet.NODE))) Sheet.fail(p);
            return p + 1;
        }
    }

    // ---------------------------------------------------------------- operands

    /// @notice `word1 ‖ type1`
    function ofWord(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            value(p, head(p));
            next = typed(p + 1);
            show(true);
        }
    }

    /// @notice `stepCount1 ‖ { step1 ‖ index2 }* ‖ type1` from the arguments.
    function ofPath(uint256 p) internal pure returns (uint256 next) {
        uint256 offset;
        (next, offset) = fromArguments(p);
        value(p, offset);
        next = typed(next);
        show(true);
    }

    function fromArguments(uint256 p) private pure returns (uint256, uint256) {
        begin(Memory.word(Sheet.ARGUMENTS));
        if (Memory.word(Sheet.ARGUMENTS) == 0) Sheet.fail(p);
        return steps(p, true);
    }

    /// @notice `depth1 ‖ stepCount1 ‖ { step1 ‖ index2 }* ‖ type1`
    function ofElement(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            fromElement(p, Memory.number(p, 1));
            uint256 offset;
            (next, offset) = steps(p + 1, false);
            value(p, offset);
            next = typed(next);
            show(false);
        }
    }

    /// @notice `stepCount1 ‖ { step1 ‖ index2 }* ‖ type1`: a word of every element of the array to which the path has come; `ofArgument` if it began at an argument.
    function ofEach(uint256 p, bool ofArgument) internal pure returns (uint256 next) {
        uint256 offset;
        element(Words.TIMES);
        (next, offset) = steps(p, false);
        value(p, offset);
        next = typed(next);
        show(ofArgument);
    }

    // ---------------------------------------------------------------- places

    /// @notice Follows a place.
    function place(uint256 p) internal pure returns (uint256 next, uint256 offset, bool ofArgument) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (form == Places.HEADS) return (p + 2, head(p + 1), true);
            if (form == Places.ARGUMENTS) {
                (next, offset) = fromArguments(p + 1);
                return (next, offset, true);
            }
            fromElement(p, form - 1);
            (next, offset) = steps(p + 1, false);
        }
    }

    /// @notice Goes on to the outermost array of `count` elements of `words` words each that begins at word number `offset` of the node.
    function words(uint256 p, uint256 offset, uint256 count, uint256 size) internal pure {
        while (true) {
            uint256 node = Memory.word(Sheet.NODE);
            if (
                offset == 0 &&
                isWords(node) &&
                Types.kindOf(node) == Types.FIXED_ARRAY &&
                Types.countOf(node) == count &&
                Types.wordsOf(Types.childOf(node)) == size
            ) return;
            offset = into(p, offset);
        }
    }

    /// @notice Shows the path: `name@0.1`, `arg@2.last`, `item`.
    function show(bool ofArgument) internal pure {
        unchecked {
            uint256 size = Memory.word(Sheet.PATH_SIZE);
            uint256 units = Glyphs.measureAt(Sheet.PATH, size);
            uint256 start = Memory.word(Sheet.NAME);
            if (start != 0) start = Names.shown(start);
            // With the sign that may follow it.
            if (
                start != 0 &&
                Glyphs.lengthOf(start) + size + 2 <= Glyphs.COLUMNS &&
                Glyphs.widthOf(start) + units + Glyphs.widthOf(Words.AT_SIGN) + Glyphs.widthOf(Words.SEMICOLON) <=
                    Glyphs.UNITS
            ) start = Glyphs.join(start, Words.AT_SIGN);
            else start = ofArgument ? Words.ARG_AT : 0;
            Pen.word(start);
            Pen.path(Sheet.PATH, size, units, Memory.word(Sheet.PATH_PIECES));
        }
    }
}
