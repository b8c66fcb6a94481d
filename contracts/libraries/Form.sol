// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Conditions} from "./Conditions.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Operands} from "./Operands.sol";
import {Times} from "./Times.sol";

/// @notice Where conditions stand, and what they may speak of.
struct Scope {
    /// Memory position of the grant, from which offsets in errors count.
    uint256 grant;
    uint256 tokens;
    /// The policy's own times.
    uint256 from;
    uint256 until;
    /// The function's: words of the arguments' heads, memory position of the descriptor (0: none).
    uint256 headWords;
    uint256 descriptor;
    /// A call is there to speak of: not in the header.
    bool call;
    /// Bounds on now are allowed: in an allow rule's body only.
    bool body;
}

/// @title The form of what a grant brings, checked once when it is granted, so that validation need not check it again.
library Form {
    uint256 private constant DEEPEST = 32;
    uint256 private constant END_OF_TIME = 1 << 38;

    function fail(Scope memory s, uint256 p) internal pure {
        unchecked {
            revert IWritModule.InvalidGrant(p - s.grant);
        }
    }

    function demand(Scope memory s, uint256 p, bool right) internal pure {
        if (!right) fail(s, p);
    }

    /// @notice `from5`, `until5` and hours, as `flags` says; within the policy's own times.
    function times(Scope memory s, uint256 flags, uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 from = s.from;
            uint256 until = s.until;
            if (flags & Times.FROM != 0) {
                from = Memory.number(p, 5);
                p += 5;
            }
            if (flags & Times.UNTIL != 0) {
                until = Memory.number(p, 5);
                p += 5;
            }
            demand(s, p, s.from <= from && from < until && until <= s.until);
            if (flags & Times.HOURS != 0) {
                uint256 opens = Memory.number(p, 2);
                uint256 closes = Memory.number(p + 2, 2);
                uint256 weekdays = Memory.number(p + 4, 1);
                demand(s, p, opens < closes && closes <= 1440 && weekdays != 0 && weekdays < 128);
                p += 5;
            }
            return p;
        }
    }

    /// @notice `count1 ‖ condition*`
    function conditions(Scope memory s, uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            ++p;
            for (uint256 i = 0; i < count; ++i) p = condition(s, p, Conditions.AND, 0);
            return p;
        }
    }

    /// @param parent The kind of the list in which the condition stands.
    function condition(Scope memory s, uint256 p, uint256 parent, uint256 depth) private pure returns (uint256) {
        unchecked {
            uint256 op = Memory.number(p, 1);
            if (op == Conditions.TRUE || op == Conditions.TRUE + 1) return p + 1;
            if (op == Conditions.AND || op == Conditions.AND + 1) {
                uint256 count = Memory.number(p + 1, 1);
                demand(s, p, op != parent && count > 1 && depth < DEEPEST);
                p += 2;
                for (uint256 i = 0; i < count; ++i) p = condition(s, p, op, depth + 1);
                return p;
            }
            if (op > 0x0f && op < Conditions.IN) return operand(s, operand(s, p + 1));
            demand(s, p, op == Conditions.IN || op == Conditions.IN + 1);
            return member(s, p + 1);
        }
    }

    function member(Scope memory s, uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 columns = Memory.number(p, 1);
            uint256 size = 0;
            demand(s, p, columns != 0);
            ++p;
            for (uint256 i = 0; i < columns; ++i) {
                p = operand(s, p);
                uint256 form = Memory.number(p, 1);
                if (form == Operands.AMOUNT) {
                    asset(s, p + 1);
                    ++p;
                }
                uint256 width = Memory.number(p + 1, 1);
                demand(s, p, form <= Operands.AMOUNT && width != 0 && width < 33);
                size += width;
                p += 2;
            }
            uint256 rows = Memory.number(p, 2);
            demand(s, p, rows != 0);
            p += 2;
            for (uint256 i = 1; i < rows; ++i) {
                demand(s, p, ascends(p, p + size, size));
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

    /// @notice A token's index, or the chain's coin.
    function asset(Scope memory s, uint256 p) internal pure {
        uint256 index = Memory.number(p, 1);
        demand(s, p, index < s.tokens || index == 0xff);
    }

    /// @notice `length1 ‖ integer`, of at most `most` bytes and without leading zeros.
    function integer(Scope memory s, uint256 p, uint256 most) internal pure returns (uint256) {
        unchecked {
            uint256 size = Memory.number(p, 1);
            demand(s, p, size <= most && (size == 0 || Memory.number(p + 1, 1) != 0));
            return p + 1 + size;
        }
    }

    /// @notice An amount that a charge counts.
    function amount(Scope memory s, uint256 p) internal pure returns (uint256) {
        return operand(s, p);
    }

    function operand(Scope memory s, uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 op = Memory.number(p, 1);
            if (op == 0) return integer(s, p + 1, 32);
            if (op == Operands.NEGATIVE) {
                uint256 size = Memory.number(p + 1, 1);
                demand(s, p, size != 0 && Memory.number(p + 2, size) <= 1 << 255);
                return integer(s, p + 1, 32);
            }
            if (op == Operands.ADDRESS) return p + 21;
            if (op == Operands.BYTES) {
                uint256 size = Memory.number(p + 1, 1);
                demand(s, p, size != 0 && size < 33);
                return p + 2 + size;
            }
            if (op == Operands.BOOL) {
                demand(s, p, Memory.number(p + 1, 1) < 2);
                return p + 2;
            }
            if (op == Operands.AMOUNT) {
                asset(s, p + 1);
                return integer(s, p + 2, 32);
            }
            if (op == Operands.WORD) {
                demand(s, p, s.call && Memory.number(p + 1, 1) < s.headWords);
                return valueType(s, p + 2);
            }
            if (op == Operands.VALUE) demand(s, p, s.call);
            else demand(s, p, op == Operands.ACCOUNT || op == Operands.KEY || (op >= Operands.CALL_GAS && op < 0x2d));
            return p + 1;
        }
    }

    function valueType(Scope memory s, uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 kind = Memory.number(p, 1);
            demand(s, p, kind == 1 || kind == 2 || (kind > 0x1f && kind < 0x80));
            return p + 1;
        }
    }
}
