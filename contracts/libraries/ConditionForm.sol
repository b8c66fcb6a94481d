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
            if (op > 0x0f && op < Conditions.IN) return OperandForm.operand(OperandForm.operand(p + 1));
            if (op == Conditions.TRUE || op == Conditions.TRUE + 1) return p + 1;
            if (op == Conditions.AND || op == Conditions.AND + 1) {
                if (!(op != parent && Memory.number(p + 1, 1) > 1)) Form.fail(p);
                return list(p + 1, op, depth + 1);
            }
            if (op == Conditions.IN || op == Conditions.IN + 1) return member(p + 1);
            if (op == Conditions.AT_MOST_NOW || op == Conditions.AT_MOST_NOW + 1) {
                if (!(Scope.body() != 0 && depth == 0)) Form.fail(p);
                p = OperandForm.operand(p + 1);
                if (Memory.number(p, 5) >> 38 != 0) Form.fail(p);
                return p + 5;
            }
            if (op == Conditions.EVERY || op == Conditions.EVERY + 1) return quantified(p, depth);
            if (op >= Conditions.SAME_BYTES && op < Conditions.SAME_BYTES + 4) return bytesComparison(p + 1);
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

    /// @dev Bytes, and what they are compared with: `0x00 ‖ length2 ‖ constant`, or `0x01` and other bytes.
    function bytesComparison(uint256 p) private pure returns (uint256) {
        unchecked {
            (p, ) = PlaceForm.range(p);
            uint256 form = Memory.number(p, 1);
            if (form == 0) return p + 3 + Memory.number(p + 1, 2);
            if (form != 1) Form.fail(p);
            (p, ) = PlaceForm.range(p + 1);
            return p;
        }
    }

    function member(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 columns = Memory.number(p, 1);
            uint256 size = 0;
            if (columns == 0) Form.fail(p);
            ++p;
            for (; columns != 0; --columns) {
                p = OperandForm.operand(p);
                uint256 form = Memory.number(p, 1);
                if (form == Operands.AMOUNT) {
                    Form.asset(p + 1);
                    ++p;
                }
                uint256 width = Memory.number(p + 1, 1);
                if (
                    !(form <= Operands.AMOUNT &&
                        width != 0 &&
                        width < 33 &&
                        (form != Operands.ADDRESS || width == 20) &&
                        (form != Operands.BOOL || width == 1))
                ) Form.fail(p);
                size += width;
                p += 2;
            }
            uint256 rows = Memory.number(p, 2);
            if (rows == 0) Form.fail(p);
            p += 2;
            for (; rows != 1; --rows) {
                if (!(ascends(p, p + size, size))) Form.fail(p);
                p += size;
            }
            return p + size;
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
