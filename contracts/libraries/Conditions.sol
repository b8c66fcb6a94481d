// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "./Bits.sol";
import {Calldata} from "./Calldata.sol";
import {Elements} from "./Elements.sol";
import {Frame} from "./Frame.sol";
import {List, Lists} from "./Lists.sol";
import {Memory} from "./Memory.sol";
import {Operands} from "./Operands.sol";
import {Places} from "./Places.sol";
import {Sum, Sums} from "./Sums.sol";

/// @title What must hold.
/// @dev Conditions come from a leaf or header whose hash the module made itself (see Grant), so their form is not checked again.
library Conditions {
    uint256 internal constant AND = 0x01;
    uint256 internal constant TRUE = 0x03;
    uint256 internal constant IN = 0x1a;
    uint256 internal constant AT_MOST_NOW = 0x1c;
    uint256 internal constant EXACT = 0x20;
    uint256 internal constant EVERY = 0x30;
    uint256 internal constant ANY = 0x31;
    uint256 internal constant SAME_BYTES = 0x38;
    uint256 internal constant STARTS_WITH = 0x3a;
    uint256 internal constant SIGN_BIT = 1 << 255;

    /// @dev Three bits for each of == != < <= > >=: whether it holds of a lesser, an equal, a greater left side.
    uint256 private constant RELATIONS = 2 | (5 << 3) | (1 << 6) | (3 << 9) | (4 << 12) | (6 << 15);

    /**
     * @notice Whether the condition at `p` holds, and the position after it.
     * @param onFault What a comparison is that cannot be made: false in a body, true in a deny.
     */
    function holds(uint256 p, bool onFault) internal view returns (bool, uint256 next) {
        unchecked {
            uint256 op = Memory.number(p, 1);
            next = p + 1;
            uint256 a;
            uint256 b;
            uint256 flaws;
            if (op < 0x10) {
                bool all = op == AND;
                if (op > AND + 1) return (op == TRUE, next);
                bool result = all;
                uint256 count = Memory.number(next, 1);
                ++next;
                for (; count != 0; --count) {
                    bool each;
                    (each, next) = holds(next, onFault);
                    if (each != all) result = each;
                }
                return (result, next);
            } else if (op < IN) {
                (a, next, flaws) = Operands.read(next);
                uint256 more;
                (b, next, more) = Operands.read(next);
                flaws |= more;
                if (op > 0x15) {
                    // Moving both by 2^255 turns the order of signed words into that of unsigned ones, and 0x16 into 0x12.
                    a ^= SIGN_BIT;
                    b ^= SIGN_BIT;
                    op -= 4;
                }
            } else if (op < EXACT) {
                return op < AT_MOST_NOW ? member(op, next, onFault) : bound(op, next);
            } else if (op < EVERY) {
                Sum memory sum;
                (sum, next, flaws) = Sums.read(next);
                (a, b) = Sums.decisive(sum);
            } else {
                return op < SAME_BYTES ? quantified(op, next, onFault) : bytesAre(op, next, onFault);
            }
            // The low half of the opcode, 0 to 5, now says which of == != < <= > >= is meant.
            if (flaws == 0) onFault = (RELATIONS >> (3 * (op & 15) + Bits.order(a, b))) & 1 != 0;
            return (onFault, next);
        }
    }

    /// @notice Whether all of `count1 ‖ condition*` at `p` hold, and the position after them.
    function all(uint256 p, bool onFault) internal view returns (bool result, uint256 next) {
        unchecked {
            result = true;
            next = p + 1;
            for (uint256 count = Memory.number(p, 1); count != 0; --count) {
                bool each;
                (each, next) = holds(next, onFault);
                result = result && each;
            }
        }
    }

    /// @notice Whether the conditions behind the collection at `p` hold of every element of it, or (0x31) of any.
    /// @dev They are judged once where there is no element, so that the position after them is known; what they then say is nothing.
    function quantified(uint256 op, uint256 p, bool onFault) private view returns (bool result, uint256 next) {
        unchecked {
            bool every = op == EVERY;
            (List memory list, uint256 body, uint256 flaws) = Lists.read(p);
            Elements.enter(list.kind);
            uint256 free = Memory.take(0);
            result = every;
            uint256 i = 0;
            do {
                bool present = i < list.count;
                Elements.move(present ? Lists.element(list, i) : 0);
                bool each;
                (each, next) = all(body, onFault);
                // Whatever was taken served this element only.
                Memory.release(free);
                if (present && each != every) {
                    result = each;
                    break;
                }
                ++i;
            } while (i < list.count);
            Elements.leave();
            if (flaws != 0) result = onFault;
        }
    }

    /// @notice Whether byte strings are equal, or the one begins with the other (0x3a), or (odd) are not, or does not.
    function bytesAre(uint256 op, uint256 p, bool onFault) private pure returns (bool result, uint256 next) {
        unchecked {
            uint256 flaws;
            uint256 more;
            uint256 at;
            uint256 size;
            uint256 wanted;
            uint256 wantedSize;
            (at, size, p, flaws) = Places.range(p);
            // 0x00 ‖ length2 ‖ constant, or 0x01 ‖ bytes
            bool constantly = Memory.number(p, 1) == 0;
            if (constantly) {
                wanted = p + 3;
                wantedSize = Memory.number(p + 1, 2);
                next = wanted + wantedSize;
            } else {
                (wanted, wantedSize, next, more) = Places.range(p + 1);
            }
            if (flaws | more != 0) return (onFault, next);
            bool fits = op < STARTS_WITH ? size == wantedSize : size >= wantedSize;
            if (fits) {
                uint256 hash = constantly ? Memory.hash(wanted, wantedSize) : Calldata.hash(wanted, wantedSize);
                fits = Calldata.hash(at, wantedSize) == hash;
            }
            result = fits == (op & 1 == 0);
        }
    }

    /// @notice Whether the tuple of operands is, or (0x1b) is not, one of the rows.
    function member(uint256 op, uint256 p, bool onFault) private view returns (bool result, uint256 next) {
        unchecked {
            uint256 columns = Memory.number(p, 1);
            if (columns == 1) return memberOfColumn(op, p + 1, onFault);
            // The tuple is written as a row would be; a value that has no place in its column is in no row.
            uint256 tuple = Memory.take(32 * columns);
            uint256 size = 0;
            uint256 flaws = 0;
            bool fits = true;
            next = p + 1;
            for (uint256 i = 0; i < columns; ++i) {
                uint256 value;
                uint256 more;
                (value, next, more) = Operands.read(next);
                flaws |= more;
                uint256 form = Memory.number(next, 1);
                if (form == Operands.AMOUNT) ++next;
                uint256 bits = 8 * Memory.number(next + 1, 1);
                next += 2;
                uint256 placed = value << (256 - bits);
                uint256 back =
                    form == Operands.NEGATIVE ? uint256(int256(placed) >> (256 - bits)) : placed >> (256 - bits);
                fits = fits && back == value;
                Memory.put(tuple + size, placed);
                size += bits / 8;
            }
            uint256 rows = Memory.number(next, 2);
            uint256 wanted = Memory.hash(tuple, size);
            next += 2;
            uint256 end = next + rows * size;
            while (next < end && Memory.hash(next, size) != wanted) next += size;
            result = flaws == 0 ? (fits && next < end) == (op == IN) : onFault;
            next = end;
        }
    }

    /// @notice The same of one operand, at `p`, whose rows are compared without hashing.
    function memberOfColumn(uint256 op, uint256 p, bool onFault) private view returns (bool result, uint256 next) {
        unchecked {
            uint256 value;
            uint256 flaws;
            (value, next, flaws) = Operands.read(p);
            uint256 form = Memory.number(next, 1);
            if (form == Operands.AMOUNT) ++next;
            uint256 size = Memory.number(next + 1, 1);
            uint256 spare = 256 - 8 * size;
            uint256 placed = value << spare;
            uint256 back = form == Operands.NEGATIVE ? uint256(int256(placed) >> spare) : placed >> spare;
            uint256 end = next + 4 + Memory.number(next + 2, 2) * size;
            next += 4;
            // What differs in the column's bytes is not 0.
            while (next < end && (Memory.word(next) ^ placed) >> spare != 0) next += size;
            result = flaws == 0 ? (back == value && next < end) == (op == IN) : onFault;
            next = end;
        }
    }

    /// @notice `operand <= now + seconds` or, 0x1d, `operand >= now - seconds`; what holds only for a while narrows the interval.
    function bound(uint256 op, uint256 p) private view returns (bool result, uint256 next) {
        unchecked {
            uint256 value;
            uint256 flaws;
            (value, next, flaws) = Operands.read(p);
            uint256 leeway = Memory.number(next, 5);
            bool negative = value >> 255 != 0 && Operands.signed(p, next);
            next += 5;
            // What is far in the future is so for every time: 2^39 is above all times and leeways together.
            if (!negative && value >> 39 != 0) value = 1 << 39;
            // INVARIANT: value is a small number or a negative one in two's complement; neither sum wraps as a signed number.
            int256 moment = int256(value);
            int256 lag = int256(leeway);
            int256 time = int256(Frame.time());
            if (op == AT_MOST_NOW) {
                result = flaws == 0 && moment <= time + lag;
                if (moment > lag) Frame.narrow(uint256(moment - lag), type(uint256).max);
            } else {
                result = flaws == 0 && time <= moment + lag;
                if (moment + lag >= 0) Frame.narrow(0, uint256(moment + lag + 1));
            }
        }
    }
}
