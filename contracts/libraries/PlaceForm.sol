// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arguments} from "./Arguments.sol";
import {Form} from "./Form.sol";
import {Lists} from "./Lists.sol";
import {Memory} from "./Memory.sol";
import {Scope} from "./Scope.sol";
import {Places} from "./Places.sol";
import {Shape} from "./Shape.sol";

/**
 * @title The form of places, byte strings and collections: each step fits the type to which those before it lead, as the function's signature has it.
 * @dev What a path leads to is a node (see Shape), and where the path ends with a word offset inside of it that offset, else WHOLE.
 * What an element is is its node; PACKED and its bytes of a packed one. Positions are far below that bit.
 */
library PlaceForm {
    uint256 internal constant PACKED = 1 << 66;
    uint256 internal constant WHOLE = type(uint256).max;
    uint256 internal constant NO_WIDTH = type(uint256).max;
    uint256 private constant WORD_OFFSET = 3;

    // ---------------------------------------------------------------- paths

    /// @notice `stepCount1 ‖ { step1 ‖ index2 }*` from the arguments, of which the first step names a dynamic one.
    function fromArguments(uint256 p) internal pure returns (uint256 next, uint256 node, uint256 offset) {
        unchecked {
            uint256 shape = Scope.shape();
            uint256 count = Memory.number(p, 1);
            uint256 index = Memory.number(p + 2, 2);
            if (!(count != 0 && shape != 0 && Memory.number(p + 1, 1) == 0 && index < Shape.countOf(shape)))
                Form.fail(p);
            node = Shape.component(shape, index);
            // A static argument is read by its word, not by a path.
            if (!Shape.isDynamic(Shape.kindOf(node))) Form.fail(p);
            return steps(p + 4, count - 1, node);
        }
    }

    /// @notice The same from an element of the quantifier `depth` levels out.
    function fromElement(uint256 p, uint256 depth) internal pure returns (uint256 next, uint256 node, uint256 offset) {
        unchecked {
            node = element(p, depth);
            if (node >= PACKED) Form.fail(p);
            return steps(p + 1, Memory.number(p, 1), node);
        }
    }

    /// @notice What the elements of the quantifier `depth` levels out are.
    function element(uint256 p, uint256 depth) internal pure returns (uint256) {
        unchecked {
            if (depth >= Scope.depth()) Form.fail(p);
            return Scope.element(Scope.depth() - 1 - depth);
        }
    }

    /// @notice `count` steps at `p`, from a node.
    function steps(
        uint256 p,
        uint256 count,
        uint256 node
    ) internal pure returns (uint256 next, uint256 reached, uint256 offset) {
        unchecked {
            for (; count != 0; --count) {
                uint256 step = Memory.number(p, 1);
                uint256 index = Memory.number(p + 1, 2);
                uint256 kind = Shape.kindOf(node);
                if (Shape.isWords(kind)) {
                    // The offset says all that is left of the path.
                    if (!(step == WORD_OFFSET && count == 1 && index < Shape.wordsIn(node))) Form.fail(p);
                    return (p + 3, node, index);
                }
                if (kind == Shape.TUPLE) {
                    if (!(step == 0 && index < Shape.countOf(node))) Form.fail(p);
                    node = Shape.component(node, index);
                } else {
                    if (kind == Shape.ARRAY) {
                        if (!(step == Arguments.ELEMENT || (step == Arguments.LAST && index == 0))) Form.fail(p);
                    } else if (
                        !(kind == Shape.FIXED_ARRAY && step == Arguments.ELEMENT && index < Shape.countOf(node))
                    ) {
                        Form.fail(p);
                    }
                    node += Shape.HEADER;
                }
                p += 3;
            }
            return (p, node, WHOLE);
        }
    }

    /// @notice `word1` at `p`: the argument in which that word of the heads stands, and how many words into it that is; of a dynamic one it is its offset, which nobody reads.
    function head(uint256 p) internal pure returns (uint256 node, uint256 offset) {
        unchecked {
            uint256 shape = Scope.shape();
            uint256 word = Memory.number(p, 1);
            if (shape == 0 || word >= Shape.wordsIn(shape)) Form.fail(p);
            return Shape.atWord(shape, word);
        }
    }

    /// @notice The kind of what a path has led to: a value's type byte.
    function kindAt(uint256 node, uint256 offset) internal pure returns (uint256 kind) {
        kind = Shape.kindOf(node);
        // An offset inside is written also where it is 0, and only there.
        if (offset == WHOLE) return kind;
        while (Shape.isWords(kind)) {
            (node, offset) = Shape.into(node, offset);
            kind = Shape.kindOf(node);
        }
    }

    // ---------------------------------------------------------------- places

    function place(uint256 p) private pure returns (uint256 next, uint256 node, uint256 offset) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (form == Places.ARGUMENTS) return fromArguments(p + 1);
            if (form != Places.HEADS) return fromElement(p + 1, form - 1);
            (node, offset) = head(p + 1);
            return (p + 2, node, offset);
        }
    }

    /// @notice `place ‖ range` of bytes, and how many bytes that is, where the range alone tells; else more than any bytes have.
    function range(uint256 p) internal pure returns (uint256 next, uint256 width) {
        unchecked {
            uint256 node;
            uint256 offset;
            (next, node, offset) = place(p);
            uint256 kind = Shape.kindOf(node);
            if (!(offset == WHOLE && (kind == Shape.BYTES || kind == Shape.STRING))) Form.fail(p);
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
            uint256 node;
            uint256 offset;
            (next, node, offset) = place(p);
            if (
                !(offset == WHOLE &&
                    Shape.kindOf(node) == Shape.ARRAY &&
                    Shape.kindOf(node + Shape.HEADER) == Shape.BYTES)
            ) Form.fail(p);
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
            uint256 node;
            uint256 offset;
            (next, node, offset) = place(p + 1);
            if (form == Lists.WORDS) {
                // count1 ‖ words1
                if (offset == WHOLE) Form.fail(p);
                node = arrayAt(p, node, offset, Memory.number(next, 1), Memory.number(next + 1, 1));
                return (next + 2, node + Shape.HEADER);
            }
            uint256 kind = Shape.kindOf(node);
            if (!(form == Lists.ARRAY && offset == WHOLE && (kind == Shape.ARRAY || kind == Shape.FIXED_ARRAY)))
                Form.fail(p);
            return (next, node + Shape.HEADER);
        }
    }

    /// @dev The outermost array of `count` elements of `words` words each that begins at word number `offset` of a static node.
    function arrayAt(
        uint256 p,
        uint256 node,
        uint256 offset,
        uint256 count,
        uint256 words
    ) private pure returns (uint256) {
        unchecked {
            while (Shape.isWords(Shape.kindOf(node))) {
                if (
                    offset == 0 &&
                    Shape.kindOf(node) == Shape.WORD_ARRAY &&
                    Shape.countOf(node) == count &&
                    Shape.headWords(node + Shape.HEADER) == words
                ) return node;
                (node, offset) = Shape.into(node, offset);
            }
            Form.fail(p);
            return 0;
        }
    }

    /// @notice What has a length that is not known before.
    function countable(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (form == Lists.ARRAY) {
                uint256 node;
                uint256 offset;
                (next, node, offset) = place(p + 1);
                if (!(offset == WHOLE && Shape.kindOf(node) == Shape.ARRAY)) Form.fail(p);
            } else if (form == Lists.PACKED) {
                (next, ) = collection(p);
            } else {
                if (!(form == Lists.BYTES || form == Lists.MULTISEND)) Form.fail(p);
                (next, ) = range(p + 1);
            }
        }
    }
}
