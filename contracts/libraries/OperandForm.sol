// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Form} from "./Form.sol";
import {Memory} from "./Memory.sol";
import {Scope} from "./Scope.sol";
import {Operands} from "./Operands.sol";
import {PlaceForm} from "./PlaceForm.sol";

/// @title The form of the single values that conditions and charges speak of.
library OperandForm {
    uint256 private constant LAST_GAS_FIELD = 0x2c;
    /// The classes of types, in the upper three bits of a type's byte.
    uint256 private constant UINT = 1;
    uint256 private constant BYTES = 3;
    uint256 private constant ADDRESS_SIZE = 20;
    /// A bit for each type: 0x01, 0x02, and from 0x20 to 0x7f.
    uint256 private constant VALUE_TYPES = (1 << 0x80) - (1 << 0x20) + 6;

    function operand(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            uint256 op = Memory.number(p, 1);
            if (op == Operands.WORD) {
                PlaceForm.wordsLeft(p + 1);
                return valueType(p + 2);
            }
            if (op < Operands.WORD) return constant_(p, op);
            if (op > Operands.PACKED_ELEMENT) {
                bool ofGas = op >= Operands.CALL_GAS && op <= LAST_GAS_FIELD;
                if (op == Operands.VALUE ? Scope.ofCall() == 0 : !ofGas && op != Operands.ACCOUNT && op != Operands.KEY)
                    Form.fail(p);
                return p + 1;
            }
            uint256 kind;
            if (op == Operands.PATH) {
                (next, kind) = PlaceForm.fromArguments(p + 1);
                return word(next, kind);
            }
            if (op == Operands.ELEMENT) {
                (next, kind) = PlaceForm.fromElement(p + 2, Memory.number(p + 1, 1));
                return word(next, kind);
            }
            if (op == Operands.LENGTH) return PlaceForm.countable(p + 1);
            if (op == Operands.SLICE) {
                uint256 width;
                (next, width) = PlaceForm.range(p + 1);
                if (!(width != 0 && width < 33)) Form.fail(p);
                return next;
            }
            if (op == Operands.MASK) return mask(p);
            if (op == Operands.SUM) return total(p);
            // depth1 ‖ size1
            kind = PlaceForm.element(p, Memory.number(p + 1, 1));
            if (kind != (PlaceForm.PACKED | Memory.number(p + 2, 1))) Form.fail(p);
            return p + 3;
        }
    }

    function constant_(uint256 p, uint256 op) private pure returns (uint256) {
        unchecked {
            if (op == 0) return Form.integer(p + 1);
            if (op == Operands.NEGATIVE) {
                uint256 size = Memory.number(p + 1, 1);
                if (!(size != 0 && Memory.number(p + 2, size) <= 1 << 255)) Form.fail(p);
                return Form.integer(p + 1);
            }
            if (op == Operands.ADDRESS) return p + 1 + ADDRESS_SIZE;
            if (op == Operands.BYTES) {
                uint256 size = Memory.number(p + 1, 1);
                if (!(size != 0 && size < 33)) Form.fail(p);
                return p + 2 + size;
            }
            if (op == Operands.BOOL) {
                if (Memory.number(p + 1, 1) >= 2) Form.fail(p);
                return p + 2;
            }
            if (op != Operands.AMOUNT) Form.fail(p);
            Form.asset(p + 1);
            return Form.integer(p + 2);
        }
    }

    /// @dev A type, behind a path that must have led to one word.
    function word(uint256 p, uint256 kind) private pure returns (uint256) {
        if (!(PlaceForm.isWord(kind))) Form.fail(p);
        return valueType(p);
    }

    function valueType(uint256 p) private pure returns (uint256) {
        unchecked {
            if ((VALUE_TYPES >> Memory.number(p, 1)) & 1 == 0) Form.fail(p);
            return p + 1;
        }
    }

    /// @dev `length1 ‖ integer ‖ operand`: some bits of a uint, a bytesN, or bytes that are no address.
    function mask(uint256 p) private pure returns (uint256 next) {
        unchecked {
            uint256 masked = Form.integer(p + 1);
            uint256 bits = Memory.number(p + 2, Memory.number(p + 1, 1));
            uint256 op = Memory.number(masked, 1);
            uint256 width;
            if (op == Operands.SLICE) {
                (next, width) = PlaceForm.range(masked + 1);
            } else {
                if (!(op == Operands.PACKED_ELEMENT || (op >= Operands.WORD && op <= Operands.ELEMENT)))
                    Form.fail(masked);
                next = operand(masked);
                // The last byte is the size of a packed element, or a type.
                width = Memory.number(next - 1, 1);
            }
            if (op == Operands.SLICE || op == Operands.PACKED_ELEMENT) {
                if (!(width != 0 && width < 33 && width != ADDRESS_SIZE)) Form.fail(masked);
            } else {
                if (!(width >> 5 == UINT || width >> 5 == BYTES)) Form.fail(masked);
                width = (width & 31) + 1;
            }
            if (!(bits != 0 && (width == 32 || bits >> (8 * width) == 0))) Form.fail(p);
        }
    }

    /// @dev `collection ‖ stepCount1 ‖ { step1 ‖ index2 }* ‖ type1`: a word, of type uint, of every element.
    function total(uint256 p) private pure returns (uint256 next) {
        unchecked {
            uint256 kind;
            (next, kind) = PlaceForm.collection(p + 1);
            if (kind & PlaceForm.PACKED != 0) Form.fail(p);
            (next, kind) = PlaceForm.steps(next + 1, Memory.number(next, 1), kind);
            if (Memory.number(next, 1) >> 5 != UINT) Form.fail(p);
            return word(next, kind);
        }
    }
}
