// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arguments} from "../Arguments.sol";
import {Memory} from "../Memory.sol";
import {Names} from "./Names.sol";
import {Sheet} from "./Sheet.sol";

/**
 * @title The types that a signature names, and the names of its parameters.
 * @dev A type is a **node**, 64 bytes of memory: a word of kind1 ‖ code1 ‖ count2 ‖ words2 ‖ height1 ‖ child8 ‖ next8 from the lowest byte on, and a word of its name.
 * `code` is a value's type byte; `count` how many components a tuple or elements a fixed array has; `words` what it takes in the heads, 0 if it is dynamic; `child` the
 * first component, or the type of the elements; `next` the component or parameter behind it. A name is where it stands in the grant, or what Names made of it; 0 is none.
 */
library Types {
    uint256 internal constant VALUE = 1;
    uint256 internal constant BYTES = 2;
    uint256 internal constant STRING = 3;
    uint256 internal constant ARRAY = 4;
    uint256 internal constant FIXED_ARRAY = 5;
    uint256 internal constant TUPLE = 6;

    uint256 private constant DEEPEST = 32;
    /// As many members, and words, nothing has more of.
    uint256 internal constant MOST = 255;
    uint256 private constant CHILD = 56;
    uint256 private constant NEXT = 120;

    function kindOf(uint256 node) internal pure returns (uint256) {
        return uint8(Memory.word(node));
    }

    function codeOf(uint256 node) internal pure returns (uint256) {
        return uint8(Memory.word(node) >> 8);
    }

    function countOf(uint256 node) internal pure returns (uint256) {
        return uint16(Memory.word(node) >> 16);
    }

    /// @notice Words in the heads, 0 of a dynamic type.
    function wordsOf(uint256 node) internal pure returns (uint256) {
        return uint16(Memory.word(node) >> 32);
    }

    /// @notice Words in the heads; one, of the offset, for a dynamic type.
    function headWordsOf(uint256 node) internal pure returns (uint256 words) {
        words = wordsOf(node);
        if (words == 0) words = 1;
    }

    function heightOf(uint256 node) private pure returns (uint256) {
        return uint8(Memory.word(node) >> 48);
    }

    function childOf(uint256 node) internal pure returns (uint256) {
        return uint64(Memory.word(node) >> CHILD);
    }

    function nextOf(uint256 node) internal pure returns (uint256) {
        return uint64(Memory.word(node) >> NEXT);
    }

    // ---------------------------------------------------------------- reading a signature

    /// @notice Reads the parameters `(…)` at `p`, inside so many tuples; their tuple, and the position after them.
    function tuple(uint256 p, uint256 depth) internal pure returns (uint256 node, uint256 next) {
        unchecked {
            if (depth > DEEPEST || Memory.number(p, 1) != 0x28) Sheet.fail(p);
            ++p;
            if (Memory.number(p, 1) == 0x29) {
                // Only a function may have none.
                if (depth != 0) Sheet.fail(p);
                return (make(TUPLE, 0, 0, 0, 0, 0), p + 1);
            }
            uint256 count = 0;
            uint256 words = 0;
            uint256 height = 0;
            uint256 first = 0;
            uint256 last = 0;
            bool dynamic = false;
            do {
                uint256 member;
                (member, p) = type_(p, depth);
                if (first == 0) first = member;
                else Memory.put(last, Memory.word(last) | (member << NEXT));
                last = member;
                ++count;
                words += headWordsOf(member);
                if (wordsOf(member) == 0) dynamic = true;
                if (heightOf(member) > height) height = heightOf(member);
                ++p;
            } while (Memory.number(p - 1, 1) == 0x2c);
            if (Memory.number(p - 1, 1) != 0x29 || count > MOST || words > MOST) Sheet.fail(p - 1);
            return (make(TUPLE, 0, count, dynamic && depth != 0 ? 0 : words, height + 1, first), p);
        }
    }

    function type_(uint256 p, uint256 depth) private pure returns (uint256 node, uint256 next) {
        unchecked {
            uint256 name = Memory.word(Sheet.NAMES);
            Memory.put(Sheet.NAMES, name + 1 + Memory.number(name, 1));
            if (Memory.number(p, 1) == 0x28) (node, next) = tuple(p, depth + 1);
            else (node, next) = value(p);
            while (Memory.number(next, 1) == 0x5b) {
                uint256 count;
                uint256 height = heightOf(node) + 1;
                if (depth + height > DEEPEST) Sheet.fail(p);
                (count, p) = number(next + 1);
                if (Memory.number(p, 1) != 0x5d) Sheet.fail(p);
                if (p == next + 1) {
                    node = make(ARRAY, 0, 0, 0, height, node);
                } else {
                    uint256 words = wordsOf(node) * count;
                    if (count == 0 || count > MOST || words > MOST) Sheet.fail(p);
                    node = make(FIXED_ARRAY, 0, count, words, height, node);
                }
                next = p + 1;
            }
            Memory.put(node + 32, Names.check(name));
        }
    }

    function value(uint256 p) private pure returns (uint256 node, uint256 next) {
        unchecked {
            uint256 word = Memory.word(p);
            uint256 code;
            if (word >> 200 == uint256(uint56(bytes7("address")))) return (make(VALUE, 1, 0, 1, 1, 0), p + 7);
            if (word >> 224 == uint256(uint32(bytes4("bool")))) return (make(VALUE, 2, 0, 1, 1, 0), p + 4);
            if (word >> 208 == uint256(uint48(bytes6("string")))) return (make(STRING, 0, 0, 0, 1, 0), p + 6);
            if (word >> 216 == uint256(uint40(bytes5("bytes")))) {
                (code, next) = number(p + 5);
                if (next == p + 5) return (make(BYTES, 0, 0, 0, 1, 0), next);
                if (code == 0 || code > 32) Sheet.fail(p);
                return (make(VALUE, 0x5f + code, 0, 1, 1, 0), next);
            }
            bool unsigned = word >> 248 == 0x75;
            if (unsigned) word <<= 8;
            if (word >> 232 != uint256(uint24(bytes3("int")))) Sheet.fail(p);
            (code, next) = number(p + (unsigned ? 4 : 3));
            if (code == 0 || code > 256 || code & 7 != 0) Sheet.fail(p);
            return (make(VALUE, (unsigned ? 0x1f : 0x3f) + (code >> 3), 0, 1, 1, 0), next);
        }
    }

    /// @dev Up to four digits at `p`, without a leading zero; none is 0, and leads nowhere.
    function number(uint256 p) private pure returns (uint256 result, uint256 next) {
        unchecked {
            next = p;
            for (uint256 digit = Memory.number(p, 1) - 0x30; digit < 10; digit = Memory.number(next, 1) - 0x30) {
                result = 10 * result + digit;
                ++next;
                if (next - p > 4 || result == 0) Sheet.fail(p);
            }
        }
    }

    function make(
        uint256 kind,
        uint256 code,
        uint256 count,
        uint256 words,
        uint256 height,
        uint256 child
    ) private pure returns (uint256 node) {
        unchecked {
            node = Memory.take(64);
            Memory.put(node, kind | (code << 8) | (count << 16) | (words << 32) | (height << 48) | (child << CHILD));
            Memory.put(node + 32, 0);
        }
    }

    // ---------------------------------------------------------------- descriptors

    /// @notice Writes the descriptor of arguments at `p`, as docs/format.md draws it; the position behind it.
    function descriptor(uint256 arguments, uint256 p) internal pure returns (uint256) {
        unchecked {
            Memory.putByte(p, countOf(arguments));
            return members(arguments, p + 1);
        }
    }

    function members(uint256 node, uint256 p) private pure returns (uint256) {
        for (uint256 member = childOf(node); member != 0; member = nextOf(member)) p = described(member, p);
        return p;
    }

    function described(uint256 node, uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 kind = kindOf(node);
            if (wordsOf(node) != 0) return put(p, Arguments.WORDS, wordsOf(node));
            if (kind == ARRAY) {
                Memory.putByte(p, Arguments.ARRAY);
                return described(childOf(node), p + 1);
            }
            if (kind == FIXED_ARRAY) return described(childOf(node), put(p, Arguments.FIXED_ARRAY, countOf(node)));
            if (kind == TUPLE) {
                uint256 words = 0;
                for (uint256 member = childOf(node); member != 0; member = nextOf(member)) words += headWordsOf(member);
                if (words > MOST) Sheet.fail(Memory.word(Sheet.GRANT));
                Memory.putByte(p + 2, words);
                put(p, Arguments.TUPLE, countOf(node));
                return members(node, p + 3);
            }
            Memory.putByte(p, Arguments.BYTES);
            return p + 1;
        }
    }

    function put(uint256 p, uint256 form, uint256 value_) private pure returns (uint256) {
        unchecked {
            Memory.putByte(p, form);
            Memory.putByte(p + 1, value_);
            return p + 2;
        }
    }

    /// @notice Words of the heads of all arguments, and whether one of them is dynamic.
    function heads(uint256 arguments) internal pure returns (uint256 words, bool dynamic) {
        unchecked {
            words = wordsOf(arguments);
            for (uint256 member = childOf(arguments); member != 0; member = nextOf(member))
                if (wordsOf(member) == 0) dynamic = true;
        }
    }
}
