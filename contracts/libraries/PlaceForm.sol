// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arguments} from "./Arguments.sol";
import {Form} from "./Form.sol";
import {Lists} from "./Lists.sol";
import {Memory} from "./Memory.sol";
import {Scope} from "./Scope.sol";
import {Places} from "./Places.sol";

/**
 * @title The form of places, byte strings and collections: each step fits the type to which those before it lead.
 * @dev What a path leads to, and what an element is, is one number here: the memory position of a dynamic type in the descriptor; STATIC, perhaps with
 * INSIDE, and the words that are left of a static value; PACKED and the bytes of a packed element. Positions are far below these bits.
 */
library PlaceForm {
    uint256 internal constant STATIC = 1 << 64;
    /// A word offset has been given: the path names a word in a tuple or an array, and ends.
    uint256 internal constant INSIDE = 1 << 65;
    uint256 internal constant PACKED = 1 << 66;
    uint256 private constant LEFT = 0xff;
    uint256 private constant WORD_OFFSET = 3;
    uint256 private constant NO_WIDTH = type(uint256).max;
    /// `bytes[]` in a descriptor.
    uint256 private constant LIST_OF_BYTES = (Arguments.ARRAY << 8) | Arguments.BYTES;

    // ---------------------------------------------------------------- paths

    /// @notice `stepCount1 ‖ { step1 ‖ index2 }*` from the arguments, of which the first step names a dynamic one.
    function fromArguments(uint256 p) internal pure returns (uint256 next, uint256 kind) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            uint256 index = Memory.number(p + 2, 2);
            if (
                !(count != 0 &&
                    Scope.descriptor() != 0 &&
                    Memory.number(p + 1, 1) == 0 &&
                    index < Memory.number(Scope.descriptor(), 1))
            ) Form.fail(p);
            kind = Scope.descriptor() + 1;
            for (; index != 0; --index) kind = Arguments.typeEnd(kind);
            // A static argument is read by its word, not by a path.
            if (Memory.number(kind, 1) == Arguments.WORDS) Form.fail(p);
            return steps(p + 4, count - 1, kind);
        }
    }

    /// @notice The same from an element of the quantifier `depth` levels out.
    function fromElement(uint256 p, uint256 depth) internal pure returns (uint256 next, uint256 kind) {
        unchecked {
            kind = element(p, depth);
            if (kind & PACKED != 0) Form.fail(p);
            return steps(p + 1, Memory.number(p, 1), kind);
        }
    }

    /// @notice What the elements of the quantifier `depth` levels out are.
    function element(uint256 p, uint256 depth) internal pure returns (uint256) {
        unchecked {
            if (depth >= Scope.depth()) Form.fail(p);
            return Scope.element(Scope.depth() - 1 - depth);
        }
    }

    /// @notice `count` steps at `p`, from a value of a kind.
    function steps(uint256 p, uint256 count, uint256 kind) internal pure returns (uint256 next, uint256 reached) {
        unchecked {
            for (; count != 0; --count) {
                uint256 step = Memory.number(p, 1);
                uint256 index = Memory.number(p + 1, 2);
                if (kind & STATIC != 0) {
                    if (!(step == WORD_OFFSET && kind & INSIDE == 0 && index < kind & LEFT)) Form.fail(p);
                    kind = (kind | INSIDE) - index;
                } else {
                    uint256 form = Memory.number(kind, 1);
                    if (form == Arguments.TUPLE) {
                        if (!(step == 0 && index < Memory.number(kind + 1, 1))) Form.fail(p);
                        kind += 3;
                        for (; index != 0; --index) kind = Arguments.typeEnd(kind);
                    } else if (form == Arguments.ARRAY) {
                        if (!(step == Arguments.ELEMENT || (step == Arguments.LAST && index == 0))) Form.fail(p);
                        kind += 1;
                    } else {
                        if (
                            !(form == Arguments.FIXED_ARRAY &&
                                step == Arguments.ELEMENT &&
                                index < Memory.number(kind + 1, 1))
                        ) Form.fail(p);
                        kind += 2;
                    }
                    kind = kindOf(kind);
                }
                p += 3;
            }
            return (p, kind);
        }
    }

    /// @dev What a type in the descriptor is.
    function kindOf(uint256 kind) private pure returns (uint256) {
        unchecked {
            return Memory.number(kind, 1) == Arguments.WORDS ? STATIC | Memory.number(kind + 1, 1) : kind;
        }
    }

    /// @notice Whether what a path leads to is one word.
    function isWord(uint256 kind) internal pure returns (bool) {
        return kind & STATIC != 0 && (kind & INSIDE != 0 || kind & LEFT == 1);
    }

    /// @notice How many words there are from word number `word1` at `p` to the end of the static argument in which it stands.
    function wordsLeft(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 word = Memory.number(p, 1);
            if (word >= Scope.headWords()) Form.fail(p);
            // Where every argument is static nothing tells where one begins.
            if (Scope.descriptor() == 0) return Scope.headWords() - word;
            uint256 kind = Scope.descriptor() + 1;
            // INVARIANT: ends, since the types' words are headWords together.
            for (uint256 words = Arguments.headWords(kind); word >= words; words = Arguments.headWords(kind)) {
                word -= words;
                kind = Arguments.typeEnd(kind);
            }
            if (Memory.number(kind, 1) != Arguments.WORDS) Form.fail(p);
            return Arguments.headWords(kind) - word;
        }
    }

    // ---------------------------------------------------------------- places

    function place(uint256 p) private pure returns (uint256 next, uint256 kind) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (form == Places.ARGUMENTS) return fromArguments(p + 1);
            if (form == Places.HEADS) return (p + 2, STATIC | INSIDE | wordsLeft(p + 1));
            return fromElement(p + 1, form - 1);
        }
    }

    /// @notice `place ‖ range` of bytes, and how many bytes that is, where the range alone tells; else more than any bytes have.
    function range(uint256 p) internal pure returns (uint256 next, uint256 width) {
        unchecked {
            uint256 kind;
            (next, kind) = place(p);
            if (!(kind & STATIC == 0 && Memory.number(kind, 1) == Arguments.BYTES)) Form.fail(p);
            p = next;
            uint256 flags = Memory.number(p, 1);
            if (flags == 0) return (p + 1, NO_WIDTH);
            uint256 start = Memory.number(p + 1, 2);
            next = p + 3;
            bool fromEnd = flags & Places.START_FROM_END != 0;
            bool ends = flags & Places.END != 0;
            width = fromEnd ? start : NO_WIDTH;
            if (ends) {
                uint256 end = Memory.number(next, 2);
                next += 2;
                // No part ends at the beginning, and what ends at the end is written without it.
                if (end == 0) Form.fail(p);
                if (fromEnd != (flags & Places.END_FROM_END != 0)) width = NO_WIDTH;
                else width = fromEnd ? start - end : end - start;
            }
            if (
                !(flags & Places.RANGE != 0 &&
                    flags <= (Places.RANGE | Places.START_FROM_END | Places.END | Places.END_FROM_END) &&
                    (ends || flags & Places.END_FROM_END == 0) &&
                    (start != 0 || (ends && !fromEnd)))
            ) Form.fail(p);
        }
    }

    /// @notice A place that is a `bytes[]`.
    function listOfBytes(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            uint256 kind;
            (next, kind) = place(p);
            if (!(kind & STATIC == 0 && Memory.number(kind, 2) == LIST_OF_BYTES)) Form.fail(p);
        }
    }

    /// @notice A collection, and what its elements are.
    function collection(uint256 p) internal pure returns (uint256 next, uint256 elements) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (form == Lists.PACKED) {
                (next, ) = range(p + 1);
                uint256 size = Memory.number(next, 1);
                if (!(size != 0 && size < 33)) Form.fail(p);
                return (next + 2, PACKED | size);
            }
            uint256 kind;
            (next, kind) = place(p + 1);
            if (form == Lists.WORDS) {
                // count1 ‖ words1
                uint256 words = Memory.number(next + 1, 1);
                uint256 all = Memory.number(next, 1) * words;
                if (!(kind & INSIDE != 0 && all != 0 && all <= kind & LEFT)) Form.fail(p);
                return (next + 2, STATIC | words);
            }
            if (!(form == Lists.ARRAY && kind & STATIC == 0)) Form.fail(p);
            form = Memory.number(kind, 1);
            if (!(form == Arguments.ARRAY || form == Arguments.FIXED_ARRAY)) Form.fail(p);
            elements = kindOf(kind + (form == Arguments.ARRAY ? 1 : 2));
        }
    }

    /// @notice What has a length that is not known before.
    function countable(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (form == Lists.ARRAY) {
                uint256 kind;
                (next, kind) = place(p + 1);
                if (!(kind & STATIC == 0 && Memory.number(kind, 1) == Arguments.ARRAY)) Form.fail(p);
            } else if (form == Lists.PACKED) {
                (next, ) = collection(p);
            } else {
                if (!(form == Lists.BYTES || form == Lists.MULTISEND)) Form.fail(p);
                (next, ) = range(p + 1);
            }
        }
    }
}
