// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "./Bits.sol";
import {Memory} from "./Memory.sol";

/**
 * @title The types of a function's arguments in memory, as SignatureForm writes them.
 * @dev A **node** is one byte, its kind, where the type is a value or a byte string: of a value that is its type byte (docs/format.md, type1), 0x01, 0x02 or from 0x20 to 0x7f.
 * Of an array or a tuple it is `kind1 ‖ words1 ‖ count1` and the nodes inside, one of an array. `words` are those of the heads inside a tuple, of a static type all its
 * words, else 0; `count` is how many elements or components there are, 0 of ARRAY. The arguments together are one tuple.
 */
library Shape {
    uint256 internal constant BYTES = 3;
    uint256 internal constant STRING = 4;
    /// `T[]`, `T[N]` of a dynamic type, and a tuple in which something is dynamic.
    uint256 internal constant ARRAY = 5;
    uint256 internal constant FIXED_ARRAY = 6;
    uint256 internal constant TUPLE = 7;
    /// The same of static types, which stand in the heads as words; ROW is a tuple of nothing but values.
    uint256 internal constant WORD_ARRAY = 8;
    uint256 internal constant WORD_TUPLE = 9;
    uint256 internal constant ROW = 10;

    uint256 internal constant HEADER = 3;

    function kindOf(uint256 node) internal pure returns (uint256) {
        return Memory.number(node, 1);
    }

    function countOf(uint256 node) internal pure returns (uint256) {
        unchecked {
            return Memory.number(node + 2, 1);
        }
    }

    /// @notice Words of the heads that are inside a tuple; of a static array or tuple all of its words.
    function wordsIn(uint256 node) internal pure returns (uint256) {
        unchecked {
            return Memory.number(node + 1, 1);
        }
    }

    function isValue(uint256 kind) internal pure returns (bool) {
        unchecked {
            return kind - BYTES > ROW - BYTES;
        }
    }

    /// @notice Whether it is a static array or tuple.
    function isWords(uint256 kind) internal pure returns (bool) {
        unchecked {
            return kind - WORD_ARRAY <= ROW - WORD_ARRAY;
        }
    }

    function isDynamic(uint256 kind) internal pure returns (bool) {
        unchecked {
            return kind - BYTES <= TUPLE - BYTES;
        }
    }

    /// @notice Words that a node takes in the heads around it.
    function headWords(uint256 node) internal pure returns (uint256) {
        return isWords(kindOf(node)) ? wordsIn(node) : 1;
    }

    /// @notice The position behind a node.
    function end(uint256 node) internal pure returns (uint256 next) {
        unchecked {
            uint256 kind = kindOf(node);
            if (kind - ARRAY > ROW - ARRAY) return node + 1;
            next = node + HEADER;
            if (kind == ROW) return next + countOf(node);
            if (kind != TUPLE && kind != WORD_TUPLE) return end(next);
            for (uint256 count = countOf(node); count != 0; --count) next = end(next);
        }
    }

    /// @notice Component number `index` of a tuple that has so many.
    function component(uint256 node, uint256 index) internal pure returns (uint256 member) {
        unchecked {
            member = node + HEADER;
            for (; index != 0; --index) member = end(member);
        }
    }

    /// @notice The member of a tuple in which word number `offset` of its heads stands, and how many words into it that is. The heads have more words.
    function atWord(uint256 node, uint256 offset) internal pure returns (uint256 member, uint256 rest) {
        unchecked {
            member = node + HEADER;
            if (kindOf(node) == ROW) return (member + offset, 0);
            for (uint256 words = headWords(member); offset >= words; words = headWords(member)) {
                offset -= words;
                member = end(member);
            }
            return (member, offset);
        }
    }

    /// @notice The same of a static array or tuple.
    function into(uint256 node, uint256 offset) internal pure returns (uint256 member, uint256 rest) {
        unchecked {
            if (kindOf(node) != WORD_ARRAY) return atWord(node, offset);
            member = node + HEADER;
            uint256 words = headWords(member);
            return (member, offset - words * Bits.quotient(offset, words));
        }
    }
}
