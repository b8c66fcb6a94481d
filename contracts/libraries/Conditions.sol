// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Frame} from "./Frame.sol";
import {Memory} from "./Memory.sol";
import {Operands} from "./Operands.sol";
import {Sum, Sums} from "./Sums.sol";

/// @title What must hold.
/// @dev Conditions come from a leaf or header whose hash the module made itself (see Grant), so their form is not checked again.
library Conditions {
    uint256 internal constant AND = 0x01;
    uint256 internal constant TRUE = 0x03;
    uint256 internal constant SIGNED_LESS = 0x16;
    uint256 internal constant IN = 0x1a;
    uint256 internal constant AT_MOST_NOW = 0x1c;
    uint256 internal constant EXACT = 0x20;
    uint256 internal constant SIGN_BIT = 1 << 255;

    /// @dev Three bits for each of == != < <= > >=: whether it holds of a lesser, an equal, a greater left side.
    uint256 private constant RELATIONS = 2 | (5 << 3) | (1 << 6) | (3 << 9) | (4 << 12) | (6 << 15);

    /**
     * @notice Whether the condition at `p` holds, and the position after it.
     * @param onFault What a comparison is that cannot be made: false in a body, true in a deny.
     */
    function holds(Frame memory f, uint256 p, bool onFault) internal pure returns (bool result, uint256 next) {
        unchecked {
            uint256 op = Memory.number(p, 1);
            next = p + 1;
            if (op > 0x0f) {
                if (op < IN) return compare(f, op, next, onFault);
                if (op < AT_MOST_NOW) return member(f, op, next, onFault);
                if (op < EXACT) return bound(f, op, next);
                return compareSums(f, op, next, onFault);
            }
            if (op < TRUE) {
                uint256 count = Memory.number(next, 1);
                ++next;
                result = op == AND;
                for (uint256 i = 0; i < count; ++i) {
                    bool each;
                    (each, next) = holds(f, next, onFault);
                    if (each != (op == AND)) result = each;
                }
                return (result, next);
            }
            return (op == TRUE, next);
        }
    }

    /// @notice Two words, unsigned or signed.
    function compare(
        Frame memory f,
        uint256 op,
        uint256 p,
        bool onFault
    ) private pure returns (bool result, uint256 next) {
        unchecked {
            (uint256 a, uint256 q, bool readable) = Operands.read(f, p);
            uint256 b;
            bool readableToo;
            (b, next, readableToo) = Operands.read(f, q);
            if (!(readable && readableToo)) return (onFault, next);
            if (op >= SIGNED_LESS) {
                // Moving both by 2^255 turns the order of signed words into that of unsigned ones, and 0x16 into 0x12.
                a ^= SIGN_BIT;
                b ^= SIGN_BIT;
                op -= 4;
            }
            return (related(op, a, b), next);
        }
    }

    /// @notice Whether `a` stands to `b` as an opcode says whose low half is 0 to 5: == != < <= > >=.
    function related(uint256 op, uint256 a, uint256 b) private pure returns (bool result) {
        assembly ("memory-safe") {
            // 0 where a < b, 1 where a == b, 2 where a > b
            let order := add(gt(a, b), iszero(lt(a, b)))
            result := and(1, shr(add(order, mul(3, and(op, 15))), RELATIONS))
        }
    }

    /// @notice Whether the tuple of operands is, or (0x1b) is not, one of the rows.
    function member(
        Frame memory f,
        uint256 op,
        uint256 p,
        bool onFault
    ) private pure returns (bool result, uint256 next) {
        unchecked {
            uint256 columns = Memory.number(p, 1);
            // The tuple is written as a row would be; a value that has no place in its column is in no row.
            uint256 tuple = Memory.take(32 * columns);
            uint256 size = 0;
            bool readable = true;
            bool fits = true;
            next = p + 1;
            for (uint256 i = 0; i < columns; ++i) {
                uint256 value;
                bool ok;
                (value, next, ok) = Operands.read(f, next);
                readable = readable && ok;
                uint256 form = Memory.number(next, 1);
                if (form == Operands.AMOUNT) ++next;
                uint256 bits = 8 * Memory.number(next + 1, 1);
                next += 2;
                uint256 placed = value << (256 - bits);
                uint256 back = form == Operands.NEGATIVE
                    ? uint256(int256(placed) >> (256 - bits))
                    : placed >> (256 - bits);
                fits = fits && back == value;
                Memory.put(tuple + size, placed);
                size += bits / 8;
            }
            uint256 rows = Memory.number(next, 2);
            bytes32 wanted = Memory.hash(tuple, size);
            next += 2;
            uint256 end = next + rows * size;
            bool found = false;
            for (; next < end; next += size) if (Memory.hash(next, size) == wanted) found = true;
            result = readable ? (found && fits) != (op != IN) : onFault;
        }
    }

    /// @notice Two sums, exactly.
    function compareSums(
        Frame memory f,
        uint256 op,
        uint256 p,
        bool onFault
    ) private pure returns (bool result, uint256 next) {
        Sum memory sum;
        bool readable;
        (sum, next, readable) = Sums.read(f, p);
        (uint256 a, uint256 b) = Sums.decisive(sum);
        return (readable ? related(op, a, b) : onFault, next);
    }

    /// @notice `operand <= now + seconds` or, 0x1d, `operand >= now - seconds`; what holds only for a while narrows the interval.
    function bound(Frame memory f, uint256 op, uint256 p) private pure returns (bool result, uint256 next) {
        unchecked {
            uint256 value;
            (value, next, result) = Operands.read(f, p);
            uint256 leeway = Memory.number(next, 5);
            bool negative = value >> 255 != 0 && Operands.signed(p, next);
            next += 5;
            // What is far in the future is so for every time: 2^39 is above all times and leeways together.
            if (!negative && value >> 39 != 0) value = 1 << 39;
            // INVARIANT: value is a small number or a negative one in two's complement; neither sum wraps as a signed number.
            int256 moment = int256(value);
            int256 lag = int256(leeway);
            int256 time = int256(f.time);
            if (op == AT_MOST_NOW) {
                result = result && moment <= time + lag;
                if (moment > lag) f.narrow(uint256(moment - lag), type(uint256).max);
            } else {
                result = result && time <= moment + lag;
                if (moment + lag >= 0) f.narrow(0, uint256(moment + lag + 1));
            }
        }
    }
}
