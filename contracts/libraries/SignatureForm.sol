// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arguments} from "./Arguments.sol";
import {Form} from "./Form.sol";
import {Memory} from "./Memory.sol";
import {Shape} from "./Shape.sol";
import {Tables} from "./Tables.sol";

/// @title The form of signatures: types as they are canonically written, which a standard encoder can write; what they are is all that a grant's parts are read by.
library SignatureForm {
    /// As many components, elements or words nothing has more of.
    uint256 private constant MOST = 255;
    uint256 private constant MOST_DIGITS = 4;
    uint256 private constant COMMA = 0x2c;
    uint256 private constant CLOSE = 0x29;
    uint256 private constant WORD_ADDRESS = uint56(bytes7("address"));
    uint256 private constant WORD_UINT256 = uint56(bytes7("uint256"));

    /// @notice Reads the parameters `(…)` at `p` into a shape at `out`, inside so many tuples, and adds to Tables.names how many names they have.
    /// @return next The position after them.
    /// @return end The position after the shape.
    /// @return height How deep types are nested in it.
    function parameters(
        uint256 p,
        uint256 out,
        uint256 depth
    ) internal pure returns (uint256 next, uint256 end, uint256 height) {
        unchecked {
            if (depth > Form.DEEPEST || Memory.number(p, 1) != 0x28) Form.fail(p);
            next = p + 1;
            end = out + Shape.HEADER;
            uint256 count = 0;
            uint256 words = 0;
            bool dynamic = false;
            if (Memory.number(next, 1) == CLOSE) {
                // Only a function may have none.
                if (depth != 0) Form.fail(p);
                ++next;
            } else {
                uint256 letter;
                do {
                    // Most are of these two.
                    uint256 text = Memory.word(next);
                    letter = uint8(text >> 192);
                    text >>= 200;
                    ++count;
                    if ((text == WORD_ADDRESS || text == WORD_UINT256) && (letter == COMMA || letter == CLOSE)) {
                        Memory.putByte(end, text == WORD_ADDRESS ? 1 : 0x3f);
                        ++words;
                        ++end;
                        next += 8;
                        continue;
                    }
                    uint256 member = end;
                    uint256 inner;
                    (next, end, inner) = type_(next, member, depth);
                    words += Shape.headWords(member);
                    if (Shape.isDynamic(Shape.kindOf(member))) dynamic = true;
                    if (inner > height) height = inner;
                    letter = Memory.number(next, 1);
                    ++next;
                } while (letter == COMMA);
                if (letter != CLOSE) Form.fail(next - 1);
                if (height == 0) height = 1;
            }
            // Each has a word at least, so that there are no more of them than words.
            if (!(words <= MOST && (depth != 0 || height <= Form.DEEPEST))) Form.fail(p);
            Tables.setNames(Tables.names() + count);
            uint256 kind = dynamic ? Shape.TUPLE : Shape.WORD_TUPLE;
            // Values are one byte each, and nothing else is.
            if (!dynamic && end - out == Shape.HEADER + count) kind = Shape.ROW;
            header(out, kind, words, count);
            ++height;
        }
    }

    function type_(
        uint256 p,
        uint256 out,
        uint256 depth
    ) private pure returns (uint256 next, uint256 end, uint256 height) {
        unchecked {
            if (Memory.number(p, 1) == 0x28) {
                (next, end, height) = parameters(p, out, depth + 1);
            } else {
                uint256 kind;
                (kind, next) = simple(p);
                Memory.putByte(out, kind);
                end = out + 1;
                height = 1;
            }
            while (Memory.number(next, 1) == 0x5b) {
                (uint256 count, uint256 close) = number(next + 1);
                ++height;
                if (Memory.number(close, 1) != 0x5d) Form.fail(next);
                // What was read is inside of what comes behind it.
                uint256 inner = out + Shape.HEADER;
                Memory.copy(inner, out, end - out);
                end += Shape.HEADER;
                if (close == next + 1) {
                    header(out, Shape.ARRAY, 0, 0);
                } else {
                    bool dynamic = Shape.isDynamic(Shape.kindOf(inner));
                    uint256 words = dynamic ? 0 : count * Shape.headWords(inner);
                    if (count > MOST || words > MOST) Form.fail(next);
                    header(out, dynamic ? Shape.FIXED_ARRAY : Shape.WORD_ARRAY, words, count);
                }
                next = close + 1;
            }
        }
    }

    function header(uint256 out, uint256 kind, uint256 words, uint256 count) private pure {
        unchecked {
            Memory.putByte(out, kind);
            Memory.putByte(out + 1, words);
            Memory.putByte(out + 2, count);
        }
    }

    /// @dev A value's type byte, or what kind of byte string it is.
    function simple(uint256 p) private pure returns (uint256 kind, uint256 next) {
        unchecked {
            uint256 word = Memory.word(p);
            uint256 size;
            if (word >> 200 == WORD_ADDRESS) return (1, p + 7);
            bool unsigned = word >> 248 == 0x75;
            if (unsigned) word <<= 8;
            if (word >> 232 == uint256(uint24(bytes3("int")))) {
                (size, next) = number(p + (unsigned ? 4 : 3));
                if (size == 0 || size > 256 || size & 7 != 0) Form.fail(p);
                return ((unsigned ? 0x1f : 0x3f) + (size >> 3), next);
            }
            if (word >> 216 == uint256(uint40(bytes5("bytes")))) {
                (size, next) = number(p + 5);
                if (next == p + 5) return (Shape.BYTES, next);
                if (size == 0 || size > 32) Form.fail(p);
                return (0x5f + size, next);
            }
            if (word >> 224 == uint256(uint32(bytes4("bool")))) return (2, p + 4);
            if (word >> 208 != uint256(uint48(bytes6("string")))) Form.fail(p);
            return (Shape.STRING, p + 6);
        }
    }

    /// @dev A few digits at `p`, of a number that is not 0, without a leading zero; none of them is 0, and leads nowhere.
    function number(uint256 p) private pure returns (uint256 result, uint256 next) {
        unchecked {
            next = p;
            for (uint256 digit = Memory.number(p, 1) - 0x30; digit < 10; digit = Memory.number(next, 1) - 0x30) {
                result = 10 * result + digit;
                ++next;
                if (next - p > MOST_DIGITS || result == 0) Form.fail(p);
            }
        }
    }

    // ---------------------------------------------------------------- descriptors

    /// @notice Writes the descriptor of arguments at `out`, as docs/format.md draws it; the position behind it.
    function describe(uint256 shape, uint256 out) internal pure returns (uint256) {
        unchecked {
            Memory.putByte(out, Shape.countOf(shape));
            return members(shape, out + 1);
        }
    }

    function members(uint256 node, uint256 out) private pure returns (uint256) {
        unchecked {
            uint256 member = node + Shape.HEADER;
            for (uint256 count = Shape.countOf(node); count != 0; --count) {
                out = described(member, out);
                member = Shape.end(member);
            }
            return out;
        }
    }

    function described(uint256 node, uint256 out) private pure returns (uint256) {
        unchecked {
            uint256 kind = Shape.kindOf(node);
            if (!Shape.isDynamic(kind)) return put(out, Arguments.WORDS, Shape.headWords(node));
            if (kind < Shape.ARRAY) {
                Memory.putByte(out, Arguments.BYTES);
                return out + 1;
            }
            if (kind == Shape.ARRAY) {
                Memory.putByte(out, Arguments.ARRAY);
                return described(node + Shape.HEADER, out + 1);
            }
            if (kind == Shape.FIXED_ARRAY)
                return described(node + Shape.HEADER, put(out, Arguments.FIXED_ARRAY, Shape.countOf(node)));
            out = put(out, Arguments.TUPLE, Shape.countOf(node));
            Memory.putByte(out, Shape.wordsIn(node));
            return members(node, out + 1);
        }
    }

    function put(uint256 out, uint256 form, uint256 value) private pure returns (uint256) {
        unchecked {
            Memory.putByte(out, form);
            Memory.putByte(out + 1, value);
            return out + 2;
        }
    }
}
