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
    function step(uint256 kind, uint256 index) private pure {
        if (kind == 0) component(index);
        else element(kind == 2 ? Words.LAST : NumberText.digits(index));
    }

    /// @dev `stepCount1 ‖ { step1 ‖ index2 }*`; the words that are left of the path inside a static array or tuple, else 0.
    function steps(uint256 p) private pure returns (uint256 next, uint256 offset) {
        unchecked {
            uint256 count = Memory.one(p);
            ++p;
            for (; count != 0; --count) {
                uint256 kind = Memory.one(p);
                uint256 index = Memory.number(p + 1, 2);
                // The last one, into a static type.
                if (kind == 3) return (p + 3, index);
                step(kind, index);
                p += 3;
            }
            return (p, 0);
        }
    }

    /// @dev Whether a node stands in the heads as words, but is no value.
    function isWords(uint256 node) private pure returns (bool) {
        return Types.wordsOf(node) != 0 && Types.kindOf(node) != Types.VALUE;
    }

    /// @dev Steps into the member of the node, a static array or tuple, in which word number `offset` stands; how many words into it that is.
    function into(uint256 offset) private pure returns (uint256) {
        unchecked {
            uint256 node = Memory.word(Sheet.NODE);
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

    /// @dev `word1`: the static argument there, its number, and how many words into it that is.
    function argumentAt(uint256 p) private pure returns (uint256 node, uint256 index, uint256 offset) {
        unchecked {
            node = Memory.word(Sheet.ARGUMENTS);
            offset = Memory.one(p);
            node = Types.childOf(node);
            while (true) {
                uint256 words_ = Types.headWordsOf(node);
                if (offset < words_) break;
                offset -= words_;
                node = Types.nextOf(node);
                ++index;
            }
        }
    }

    /// @dev Goes to an argument.
    function goTo(uint256 node, uint256 index) private pure {
        begin(node);
        add(NumberText.digits(index));
        Memory.put(Sheet.NAME, node);
    }

    /// @dev Goes to the static argument of `word1`; how many words into it that is.
    function head(uint256 p) private pure returns (uint256) {
        (uint256 node, uint256 index, uint256 offset) = argumentAt(p);
        goTo(node, index);
        return offset;
    }

    /// @notice What the elements of the quantifier `depth` levels out are.
    function elementsOf(uint256 depth) private pure returns (uint256) {
        unchecked {
            return Memory.word(Sheet.ELEMENTS + 32 * (Memory.word(Sheet.DEPTH) - 1 - depth));
        }
    }

    /// @notice `item`, or `item2` and so on inside other quantifiers.
    function itemName(uint256 level) internal pure returns (uint256) {
        return level < 2 ? Words.ITEM : Glyphs.join(Words.ITEM, NumberText.digits(level));
    }

    function fromElement(uint256 depth) private pure {
        unchecked {
            begin(elementsOf(depth));
            add(itemName(Memory.word(Sheet.DEPTH) - depth));
        }
    }

    /// @dev Goes on to the value that word number `offset` of the node is.
    function value(uint256 offset) private pure {
        while (isWords(Memory.word(Sheet.NODE))) offset = into(offset);
    }

    // ---------------------------------------------------------------- operands

    /// @dev `name@3` or `arg@3`, of an argument.
    function argument(uint256 node, uint256 index) private pure returns (uint256) {
        unchecked {
            uint256 path = NumberText.digits(index);
            return Glyphs.join(named(Names.shown(node), Glyphs.lengthOf(path), Glyphs.widthOf(path), true), path);
        }
    }

    /// @notice `word1 ‖ type1`
    function ofWord(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            (uint256 node, uint256 index, uint256 offset) = argumentAt(p);
            if (Types.kindOf(node) == Types.VALUE) {
                // Most arguments are values; what stands for one is made once.
                uint256 token = Memory.word(node + 64);
                if (token == 0) {
                    token = argument(node, index);
                    Memory.put(node + 64, token);
                }
                Pen.word(token);
                return p + 2;
            }
            goTo(node, index);
            value(offset);
            next = p + 2;
            show(true);
        }
    }

    /// @notice `stepCount1 ‖ { step1 ‖ index2 }* ‖ type1` from the arguments.
    function ofPath(uint256 p) internal pure returns (uint256) {
        unchecked {
            (uint256 next, uint256 offset) = fromArguments(p);
            value(offset);
            show(true);
            return next + 1;
        }
    }

    function fromArguments(uint256 p) private pure returns (uint256, uint256) {
        begin(Memory.word(Sheet.ARGUMENTS));
        return steps(p);
    }

    /// @notice `depth1 ‖ stepCount1 ‖ { step1 ‖ index2 }* ‖ type1`
    function ofElement(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            fromElement(Memory.one(p));
            uint256 offset;
            (next, offset) = steps(p + 1);
            value(offset);
            show(false);
            ++next;
        }
    }

    /// @notice `stepCount1 ‖ { step1 ‖ index2 }* ‖ type1`: a word of every element of the array to which the path has come; `ofArgument` if it began at an argument.
    function ofEach(uint256 p, bool ofArgument) internal pure returns (uint256 next) {
        unchecked {
            uint256 offset;
            element(Words.TIMES);
            (next, offset) = steps(p);
            value(offset);
            show(ofArgument);
            ++next;
        }
    }

    // ---------------------------------------------------------------- places

    /// @notice Follows a place.
    function place(uint256 p) internal pure returns (uint256 next, uint256 offset, bool ofArgument) {
        unchecked {
            uint256 form = Memory.one(p);
            if (form == Places.HEADS) return (p + 2, head(p + 1), true);
            if (form == Places.ARGUMENTS) {
                (next, offset) = fromArguments(p + 1);
                return (next, offset, true);
            }
            fromElement(form - 1);
            (next, offset) = steps(p + 1);
        }
    }

    /// @notice Goes on to the outermost array of `count` elements of `words` words each that begins at word number `offset` of the node.
    function words(uint256 offset, uint256 count, uint256 size) internal pure {
        while (true) {
            uint256 node = Memory.word(Sheet.NODE);
            if (
                offset == 0 &&
                isWords(node) &&
                Types.kindOf(node) == Types.FIXED_ARRAY &&
                Types.countOf(node) == count &&
                Types.wordsOf(Types.childOf(node)) == size
            ) return;
            offset = into(offset);
        }
    }

    /// @notice Shows the path: `name@0.1`, `arg@2.last`, `item`.
    function show(bool ofArgument) internal pure {
        unchecked {
            uint256 size = Memory.word(Sheet.PATH_SIZE);
            uint256 units = Glyphs.measureAt(Sheet.PATH, size);
            uint256 name = Memory.word(Sheet.NAME);
            if (name != 0) name = Names.shown(name);
            Pen.word(named(name, size, units, ofArgument));
            Pen.path(Sheet.PATH, size, units, Memory.word(Sheet.PATH_PIECES));
        }
    }

    /// @dev What stands before a path: its name if there is one and the line has room for both, and for the sign that may follow.
    function named(uint256 name, uint256 size, uint256 units, bool ofArgument) private pure returns (uint256) {
        unchecked {
            if (
                name != 0 &&
                Glyphs.lengthOf(name) + size + 2 <= Glyphs.COLUMNS &&
                Glyphs.widthOf(name) + units + Glyphs.widthOf(Words.AT_SIGN) + Glyphs.widthOf(Words.SEMICOLON) <=
                    Glyphs.UNITS
            ) return Glyphs.join(name, Words.AT_SIGN);
            return ofArgument ? Words.ARG_AT : 0;
        }
    }
}
