// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Conditions} from "./Conditions.sol";
import {Form} from "./Form.sol";
import {Memory} from "./Memory.sol";
import {Scope} from "./Scope.sol";
import {OperandForm} from "./OperandForm.sol";
import {Operands} from "./Operands.sol";
import {PlaceForm} from "./PlaceForm.sol";
import {SumForm} from "./SumForm.sol";

/// @title The form of conditions.
library ConditionForm {
    /// The first comparison that is neither == nor !=, and the first of those whose operands have a sign.
    uint256 private constant ORDERS = 0x12;
    uint256 private constant SIGNED_ORDERS = 0x16;

    /// @notice `count1 ‖ condition*`, none of which is an `and`.
    function conditions(uint256 p) internal pure returns (uint256) {
        return list(p, Conditions.AND, 0);
    }

    /// @param parent The kind of the list, which none of its members is.
    /// @param depth How many conditions are around the members.
    function list(uint256 p, uint256 parent, uint256 depth) private pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            ++p;
            for (; count != 0; --count) p = condition(p, parent, depth);
            return p;
        }
    }

    function condition(uint256 p, uint256 parent, uint256 depth) private pure returns (uint256) {
        unchecked {
            uint256 op = Memory.number(p, 1);
            if (depth >= Form.DEEPEST) Form.fail(p);
            if (op > 0x0f && op < Conditions.IN) return comparison(p + 1, op);
            if (op == Conditions.TRUE || op == Conditions.TRUE + 1) return p + 1;
            if (op == Conditions.AND || op == Conditions.AND + 1) {
                if (!(op != parent && Memory.number(p + 1, 1) > 1)) Form.fail(p);
                return list(p + 1, op, depth + 1);
            }
            if (op == Conditions.IN || op == Conditions.IN + 1) return member(p + 1);
            if (op == Conditions.AT_MOST_NOW || op == Conditions.AT_MOST_NOW + 1) {
                if (!(Scope.body() != 0 && depth == 0)) Form.fail(p);
                (p, ) = OperandForm.integer(p + 1);
                if (Memory.number(p, 5) >> 38 != 0) Form.fail(p);
                return p + 5;
            }
            if (op == Conditions.EVERY || op == Conditions.EVERY + 1) return quantified(p, depth);
            if (op >= Conditions.SAME_BYTES && op < Conditions.SAME_BYTES + 4) return bytesComparison(p + 1, op);
            if (!(op >= Conditions.EXACT && op < Conditions.EXACT + 6)) Form.fail(p);
            return SumForm.sum(p + 1, true);
        }
    }

    /// @dev A collection, and conditions of which one at least may speak of its elements.
    function quantified(uint256 p, uint256 depth) private pure returns (uint256) {
        unchecked {
            (uint256 body, uint256 elements) = PlaceForm.collection(p + 1);
            if (Memory.number(body, 1) == 0) Form.fail(p);
            // INVARIANT: below Form.DEEPEST, since a quantifier is a condition around others.
            Scope.setElement(elements);
            Scope.setDepth(Scope.depth() + 1);
            body = list(body, Conditions.AND, depth + 1);
            Scope.setDepth(Scope.depth() - 1);
            return body;
        }
    }

    /// @dev Two operands of one sort: integers in any order, all else equal or not. As the operands have a sign, so is the comparison, and both have the same.
    function comparison(uint256 p, uint256 op) private pure returns (uint256 next) {
        unchecked {
            uint256 a;
            uint256 b;
            (next, a) = OperandForm.operand(p);
            (next, b) = OperandForm.operand(next);
            if (op < ORDERS && a == b) return next;
            if (a < OperandForm.EITHER || b < OperandForm.EITHER) Form.fail(p);
            bool signed = a == OperandForm.SIGNED || b == OperandForm.SIGNED;
            bool mixed = a + b == OperandForm.SIGNED + OperandForm.UNSIGNED;
            if (mixed || !(op < ORDERS || signed == (op >= SIGNED_ORDERS))) Form.fail(p);
        }
    }

    /// @dev Bytes, and what they are compared with: `0x00 ‖ length2 ‖ constant`, or `0x01` and other bytes. Parts that are words are compared as such.
    function bytesComparison(uint256 p, uint256 op) private pure returns (uint256 next) {
        unchecked {
            uint256 left;
            uint256 right;
            (next, left) = PlaceForm.range(p);
            uint256 form = Memory.number(next, 1);
            if (form == 0) {
                right = Memory.number(next + 1, 2);
                next += 3 + right;
            } else {
                if (form != 1) Form.fail(next);
                (next, right) = PlaceForm.range(next + 1);
            }
            if (op < Conditions.STARTS_WITH && left == right && left != 0 && left < 33) Form.fail(p);
        }
    }

    // ---------------------------------------------------------------- membership

    /// @dev `columns1 ‖ { operand ‖ constantForm }*columns ‖ rows2 ‖ { value }*(rows*columns)`
    function member(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 columns = Memory.number(p, 1);
            uint256 size = 0;
            if (columns == 0) Form.fail(p);
            ++p;
            // A word for each column: sort << 16 | form << 8 | width.
            uint256 first = Memory.take(32 * columns);
            uint256 last = first + 32 * columns;
            for (uint256 at = first; at != last; at += 32) {
                uint256 sort;
                (p, sort) = OperandForm.operand(p);
                uint256 form = Memory.number(p, 1);
                if (form == Operands.AMOUNT) {
                    Form.asset(p + 1);
                    ++p;
                }
                uint256 width = Memory.number(p + 1, 1);
                if (!(width != 0 && width < 33 && fits(sort, form, width))) Form.fail(p);
                Memory.put(at, (sort << 16) | (form << 8) | width);
                size += width;
                p += 2;
            }
            uint256 rows = Memory.number(p, 2);
            if (rows == 0) Form.fail(p);
            p += 2;
            uint256 value = p;
            for (uint256 at = first; at != last; at += 32) {
                uint256 column = Memory.word(at);
                values(value, size, rows, column);
                value += uint8(column);
            }
            Memory.release(first);
            for (; rows != 1; --rows) {
                if (!(ascends(p, p + size, size))) Form.fail(p);
                p += size;
            }
            return p + size;
        }
    }

    /// @dev Whether an operand of a sort may be compared with constants of a form and a width.
    function fits(uint256 sort, uint256 form, uint256 width) private pure returns (bool) {
        if (form == Operands.ADDRESS) return sort == OperandForm.ADDRESS && width == 20;
        if (form == Operands.BYTES) return sort == width;
        if (form == Operands.BOOL) return sort == OperandForm.BOOL && width == 1;
        // Of numbers with a sign one at least is negative.
        if (form == Operands.NEGATIVE) return sort == OperandForm.SIGNED;
        return (form == 0 || form == Operands.AMOUNT) && sort >= OperandForm.EITHER;
    }

    /// @dev A column's `rows` values, the first one at `p` and `size` bytes from one to the next: numbers take no byte more than they need.
    function values(uint256 p, uint256 size, uint256 rows, uint256 column) private pure {
        unchecked {
            uint256 width = uint8(column);
            uint256 form = uint8(column >> 8);
            if (form == Operands.BYTES || (form == Operands.ADDRESS && Scope.unused() == 0)) return;
            bool wide = width == 1;
            bool negative = form != Operands.NEGATIVE;
            for (uint256 at = p; rows != 0; --rows) {
                uint256 value = Memory.number(at, width);
                uint256 top = value >> (8 * width - 1);
                if (form == Operands.ADDRESS) {
                    Form.party(value);
                } else if (form == Operands.BOOL) {
                    if (value > 1) Form.fail(at);
                } else if (form == Operands.NEGATIVE) {
                    if (top != 0) negative = true;
                    // The first nine bits are not all the same: it has no place in a byte less.
                    if (!wide && (value >> (8 * width - 9)) + top != 512 * top) wide = true;
                } else {
                    if (value >> (8 * width - 8) != 0) wide = true;
                    // As words of 256 bits such a number and a negative one look the same.
                    if (width == 32 && top != 0 && column >> 16 == OperandForm.SIGNED) Form.fail(at);
                }
                at += size;
            }
            if (form == Operands.ADDRESS || form == Operands.BOOL) return;
            if (!(wide && negative)) Form.fail(p);
        }
    }

    /// @dev Whether the `size` bytes at `a` stand before those at `b`.
    function ascends(uint256 a, uint256 b, uint256 size) private pure returns (bool) {
        unchecked {
            for (; size > 32; size -= 32) {
                if (Memory.word(a) != Memory.word(b)) return Memory.word(a) < Memory.word(b);
                a += 32;
                b += 32;
            }
            return Memory.number(a, size) < Memory.number(b, size);
        }
    }
}
