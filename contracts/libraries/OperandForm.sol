// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Form} from "./Form.sol";
import {Memory} from "./Memory.sol";
import {Scope} from "./Scope.sol";
import {Operands} from "./Operands.sol";
import {PlaceForm} from "./PlaceForm.sol";
import {Shape} from "./Shape.sol";

/**
 * @title The form of the single values that conditions and charges speak of, and their sorts: what may be compared with what.
 * @dev A **sort** is how many bytes there are, ADDRESS, BOOL, or of integers how their words are read: EITHER where both readings give the same number.
 */
library OperandForm {
    uint256 internal constant ADDRESS = 33;
    uint256 internal constant BOOL = 34;
    uint256 internal constant EITHER = 64;
    uint256 internal constant SIGNED = 65;
    uint256 internal constant UNSIGNED = 66;

    uint256 private constant LAST_GAS_FIELD = 0x2c;
    /// The classes of types, in the upper three bits of a type's byte.
    uint256 private constant UINT = 1;
    uint256 private constant INT = 2;
    uint256 private constant ADDRESS_SIZE = 20;

    function operand(uint256 p) internal pure returns (uint256 next, uint256 sort) {
        unchecked {
            // An argument word is op1 ‖ word1 ‖ type1.
            uint256 head = Memory.word(p);
            uint256 op = head >> 248;
            uint256 node;
            uint256 offset;
            if (op == Operands.WORD) {
                uint256 row = Scope.shape();
                if (row == 0 || Shape.kindOf(row) != Shape.ROW) {
                    (node, offset) = PlaceForm.head(p + 1);
                    return typed(p + 2, node, offset);
                }
                // Where all arguments are values, word number `word1` is the node of that number.
                sort = uint8(head >> 232);
                offset = uint8(head >> 240);
                if (offset >= Shape.countOf(row) || Memory.number(row + Shape.HEADER + offset, 1) != sort) Form.fail(p);
                return (p + 3, sortOfType(sort));
            }
            if (op < Operands.WORD) return constant_(p, op);
            if (op > Operands.PACKED_ELEMENT) return (p + 1, environment(p, op));
            if (op == Operands.PATH) {
                (next, node, offset) = PlaceForm.fromArguments(p + 1);
                return typed(next, node, offset);
            }
            if (op == Operands.ELEMENT) {
                (next, node, offset) = PlaceForm.fromElement(p + 2, Memory.number(p + 1, 1));
                return typed(next, node, offset);
            }
            if (op == Operands.LENGTH) return (PlaceForm.countable(p + 1), UNSIGNED);
            if (op == Operands.SLICE) {
                (next, sort) = PlaceForm.range(p + 1);
                if (!(sort != 0 && sort < 33)) Form.fail(p);
                return (next, sortOfBytes(sort));
            }
            if (op == Operands.MASK) return mask(p);
            if (op == Operands.SUM) return (total(p), UNSIGNED);
            // depth1 ‖ size1
            sort = Memory.number(p + 2, 1);
            if (PlaceForm.element(p, Memory.number(p + 1, 1)) != (PlaceForm.PACKED | sort)) Form.fail(p);
            return (p + 3, sortOfBytes(sort));
        }
    }

    /// @notice The same of an integer.
    function integer(uint256 p) internal pure returns (uint256 next, uint256 sort) {
        (next, sort) = operand(p);
        if (sort < EITHER) Form.fail(p);
    }

    function environment(uint256 p, uint256 op) private pure returns (uint256) {
        if (op == Operands.ACCOUNT || op == Operands.KEY) return ADDRESS;
        if (op == Operands.VALUE ? Scope.ofCall() == 0 : op < Operands.CALL_GAS || op > LAST_GAS_FIELD) Form.fail(p);
        return UNSIGNED;
    }

    /// @dev Twenty bytes out of a byte string are an address.
    function sortOfBytes(uint256 size) private pure returns (uint256) {
        return size == ADDRESS_SIZE ? ADDRESS : size;
    }

    /// @dev `type1` at `p`, the type of the value to which a path has led.
    function typed(uint256 p, uint256 node, uint256 offset) private pure returns (uint256 next, uint256 sort) {
        unchecked {
            uint256 code = Memory.number(p, 1);
            // Paths to what is no value end at a kind that is no type's.
            if (!(PlaceForm.kindAt(node, offset) == code && Shape.isValue(code))) Form.fail(p);
            return (p + 1, sortOfType(code));
        }
    }

    function sortOfType(uint256 code) private pure returns (uint256) {
        unchecked {
            if (code >> 5 == UINT) return UNSIGNED;
            if (code < 3) return code == 1 ? ADDRESS : BOOL;
            return code >> 5 == INT ? SIGNED : (code & 31) + 1;
        }
    }

    function constant_(uint256 p, uint256 op) private pure returns (uint256 next, uint256) {
        unchecked {
            if (op == 0) return number(p + 1);
            if (op == Operands.ADDRESS) {
                Form.party(Memory.number(p + 1, ADDRESS_SIZE));
                return (p + 1 + ADDRESS_SIZE, ADDRESS);
            }
            if (op == Operands.AMOUNT) {
                Form.asset(p + 1);
                return number(p + 2);
            }
            uint256 size = Memory.number(p + 1, 1);
            if (op == Operands.NEGATIVE) {
                if (!(size != 0 && Memory.number(p + 2, size) <= 1 << 255)) Form.fail(p);
                return (Form.integer(p + 1), SIGNED);
            }
            if (op == Operands.BYTES) {
                if (!(size != 0 && size < 33)) Form.fail(p);
                return (p + 2 + size, size);
            }
            // 0x04 ‖ 0x00 or 0x01
            if (!(op == Operands.BOOL && size < 2)) Form.fail(p);
            return (p + 2, BOOL);
        }
    }

    /// @dev `length1 ‖ integer`; from 2^255 on it is another number in a word with a sign.
    function number(uint256 p) private pure returns (uint256 next, uint256) {
        unchecked {
            next = Form.integer(p);
            return (next, next == p + 33 && Memory.number(p + 1, 1) > 0x7f ? UNSIGNED : EITHER);
        }
    }

    /// @dev `length1 ‖ integer ‖ operand`: some bits of a uint, a bytesN, or bytes that are no address.
    function mask(uint256 p) private pure returns (uint256 next, uint256 sort) {
        unchecked {
            uint256 masked = Form.integer(p + 1);
            uint256 bits = Memory.number(p + 2, Memory.number(p + 1, 1));
            uint256 op = Memory.number(masked, 1);
            if (
                !(op == Operands.SLICE ||
                    op == Operands.PACKED_ELEMENT ||
                    (op >= Operands.WORD && op <= Operands.ELEMENT))
            ) Form.fail(masked);
            (next, sort) = operand(masked);
            // The last byte of what is read by a path is its type.
            uint256 width = sort == UNSIGNED ? (Memory.number(next - 1, 1) & 31) + 1 : sort;
            if (!(width < 33 && bits != 0 && (width == 32 || bits >> (8 * width) == 0))) Form.fail(p);
        }
    }

    /// @dev `collection ‖ stepCount1 ‖ { step1 ‖ index2 }* ‖ type1`: a word, of type uint, of every element.
    function total(uint256 p) private pure returns (uint256 next) {
        unchecked {
            uint256 node;
            uint256 offset;
            uint256 sort;
            (next, node) = PlaceForm.collection(p + 1);
            if (node >= PlaceForm.PACKED) Form.fail(p);
            (next, node, offset) = PlaceForm.steps(next + 1, Memory.number(next, 1), node);
            (next, sort) = typed(next, node, offset);
            if (sort != UNSIGNED) Form.fail(p);
        }
    }
}
