// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "../Memory.sol";
import {Names} from "./Names.sol";
import {Sheet} from "./Sheet.sol";

/**
 * @title The types that a signature names, and the names of its parameters.
 * @dev A type is a **node**, 96 bytes of memory: a word of kind2 ‖ count2 ‖ words3 ‖ child8 ‖ next8 from the lowest byte on, a word of its name, and what Trail keeps.
 * `count` is how many components a tuple or elements a fixed array has; `words` what it takes in the heads, 0 if it is dynamic; `child` the
 * first component, or the type of the elements; `next` the component or parameter behind it. A name is where it stands in the grant, or what Names made of it; 0 is none.
 */
library Types {
    uint256 internal constant VALUE = 1;
    uint256 internal constant BYTES = 2;
    uint256 internal constant STRING = 3;
    uint256 internal constant ARRAY = 4;
    uint256 internal constant FIXED_ARRAY = 5;
    uint256 internal constant TUPLE = 6;

    uint256 private constant CHILD = 56;
    /// A value is one word.
    uint256 private constant WORD = VALUE | (1 << 32);
    uint256 private constant NEXT = 120;

    function kindOf(uint256 node) internal pure returns (uint256) {
        return uint8(Memory.word(node));
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

    function childOf(uint256 node) internal pure returns (uint256) {
        return uint64(Memory.word(node) >> CHILD);
    }

    function nextOf(uint256 node) internal pure returns (uint256) {
        return uint64(Memory.word(node) >> NEXT);
    }

    // ---------------------------------------------------------------- reading a signature

    /// @notice Reads the parameters `(…)` at `p`; their tuple, and the position after them.
    function tuple(uint256 p) internal pure returns (uint256 node, uint256 next) {
        unchecked {
            ++p;
            if (Memory.one(p) == 0x29) return (make(TUPLE), p + 1);
            uint256 count = 0;
            uint256 words = 0;
            uint256 first = 0;
            uint256 last = 0;
            bool dynamic = false;
            do {
                uint256 member;
                (member, p) = type_(p);
                if (first == 0) first = member;
                else Memory.put(last, Memory.word(last) | (member << NEXT));
                last = member;
                ++count;
                words += headWordsOf(member);
                if (wordsOf(member) == 0) dynamic = true;
                ++p;
            } while (Memory.one(p - 1) == 0x2c);
            if (dynamic) words = 0;
            return (make(TUPLE | (count << 16) | (words << 32) | (first << CHILD)), p);
        }
    }

    function type_(uint256 p) private pure returns (uint256 node, uint256 next) {
        unchecked {
            uint256 name = Memory.word(Sheet.NAMES);
            Memory.put(Sheet.NAMES, name + 1 + Memory.one(name));
            if (Memory.one(p) == 0x28) (node, next) = tuple(p);
            else (node, next) = value(p);
            while (Memory.one(next) == 0x5b) {
                uint256 count;
                (count, p) = number(next + 1);
                // No length is 0: where it is, there is none.
                if (count == 0) node = make(ARRAY | (node << CHILD));
                else node = make(FIXED_ARRAY | (count << 16) | ((wordsOf(node) * count) << 32) | (node << CHILD));
                next = p + 1;
            }
            Memory.put(node + 32, Names.check(name));
        }
    }

    function value(uint256 p) private pure returns (uint256 node, uint256 next) {
        unchecked {
            uint256 word = Memory.word(p);
            if (word >> 200 == uint256(uint56(bytes7("address")))) return (make(WORD), p + 7);
            if (word >> 200 == uint256(uint56(bytes7("uint256")))) return (make(WORD), p + 7);
            if (word >> 224 == uint256(uint32(bytes4("bool")))) return (make(WORD), p + 4);
            if (word >> 208 == uint256(uint48(bytes6("string")))) return (make(STRING), p + 6);
            if (word >> 216 == uint256(uint40(bytes5("bytes")))) {
                (, next) = number(p + 5);
                return (make(next == p + 5 ? BYTES : WORD), next);
            }
            // `int8`, `uint8` and so on.
            (, next) = number(word >> 248 == 0x75 ? p + 4 : p + 3);
            return (make(WORD), next);
        }
    }

    /// @dev The digits at `p`; none is 0, and leads nowhere.
    function number(uint256 p) private pure returns (uint256 result, uint256 next) {
        unchecked {
            next = p;
            for (uint256 digit = Memory.one(p) - 0x30; digit < 10; digit = Memory.one(next) - 0x30) {
                result = 10 * result + digit;
                ++next;
            }
        }
    }

    /// @dev A new node without a name.
    function make(uint256 first) private pure returns (uint256 node) {
        unchecked {
            node = Memory.take(96);
            Memory.put(node, first);
            Memory.put(node + 32, 0);
            Memory.put(node + 64, 0);
        }
    }
}
