// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arguments} from "./Arguments.sol";
import {Conditions} from "./Conditions.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Operands} from "./Operands.sol";
import {Sums} from "./Sums.sol";
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
    bool ofCall;
    /// Bounds on now are allowed: in an allow rule's body only.
    bool body;
}

/// @title The form of what a grant brings, checked once when it is granted, so that validation need not check it again.
library Form {
    uint256 private constant DEEPEST = 32;

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
            demand(s, p, depth < DEEPEST);
            if (op == Conditions.TRUE || op == Conditions.TRUE + 1) return p + 1;
            if (op == Conditions.AND || op == Conditions.AND + 1) {
                uint256 count = Memory.number(p + 1, 1);
                demand(s, p, op != parent && count > 1);
                p += 2;
                for (uint256 i = 0; i < count; ++i) p = condition(s, p, op, depth + 1);
                return p;
            }
            if (op > 0x0f && op < Conditions.IN) return operand(s, operand(s, p + 1));
            if (op == Conditions.IN || op == Conditions.IN + 1) return member(s, p + 1);
            if (op == Conditions.AT_MOST_NOW || op == Conditions.AT_MOST_NOW + 1) {
                demand(s, p, s.body && depth == 0);
                p = operand(s, p + 1);
                demand(s, p, Memory.number(p, 5) >> 38 == 0);
                return p + 5;
            }
            demand(s, p, op >= Conditions.EXACT && op < Conditions.EXACT + 6);
            return sum(s, p + 1, true);
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
        unchecked {
            return Memory.number(p, 1) == Sums.TERMS ? sum(s, p + 1, false) : operand(s, p);
        }
    }

    /// @dev `termCount1 ‖ term*`; a comparison has terms on both sides, the left ones first, an amount has no right ones.
    function sum(Scope memory s, uint256 p, bool comparison) private pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            uint256 start = p;
            uint256 denominator = 1;
            uint256 side = 0;
            uint256[] memory numerators = new uint256[](count);
            uint256[] memory denominators = new uint256[](count);
            demand(s, p, count != 0);
            ++p;
            for (uint256 i = 0; i < count; ++i) {
                uint256 flags = Memory.number(p, 1);
                uint256 right = flags & Sums.RIGHT;
                uint256 scaled = flags >> 4;
                demand(s, p, flags & 0x88 == 0 && right >= side && (i != 0 || right == 0));
                if (!comparison) demand(s, p, right == 0 && (scaled == 0 || (count == 1 && flags & 7 == 0)));
                side = right;
                uint256 next = scales(s, p + 1, scaled);
                (numerators[i], denominators[i], ) = Sums.scales(p + 1, scaled);
                denominator = Sums.mul(denominator, denominators[i]);
                p = operand(s, next);
                if (flags & Sums.TWO_FACTORS != 0) p = operand(s, p);
            }
            demand(s, start, !comparison || side != 0);
            p = start + 1;
            for (uint256 i = 0; i < count; ++i) {
                uint256 coefficient = Sums.mul(numerators[i], denominator / denominators[i]);
                uint256 flags = Memory.number(p, 1);
                p = operand(s, scales(s, p + 1, flags >> 4));
                if (flags & Sums.TWO_FACTORS != 0) {
                    demand(s, p, coefficient == 1);
                    p = operand(s, p);
                }
            }
            return p;
        }
    }

    /// @dev `count` scales; their exponents are small enough for a power of ten to be a word, and nothing divides by zero.
    function scales(Scope memory s, uint256 p, uint256 count) private pure returns (uint256) {
        unchecked {
            for (; count != 0; --count) {
                uint256 kind = Memory.number(p, 1);
                uint256 decimals = 0;
                demand(s, p, kind != 0 && kind <= Sums.DIVIDE);
                if (kind == Sums.AT || kind == Sums.SOLD_AT) {
                    asset(s, p + 1);
                    asset(s, p + 2);
                    demand(s, p, Memory.number(p + 3, 1) < 78 && Memory.number(p + 4, 1) < 78);
                    p += 4;
                }
                ++p;
                if (kind != Sums.DIVIDE) {
                    decimals = Memory.number(p, 1);
                    ++p;
                }
                uint256 digits = Memory.number(p + 1, Memory.number(p, 1));
                demand(
                    s,
                    p,
                    decimals < 78 && (digits != 0 || kind == Sums.PERCENT) && (decimals == 0 || digits % 10 != 0)
                );
                p = integer(s, p, 32);
            }
            return p;
        }
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
                demand(s, p, s.ofCall && Memory.number(p + 1, 1) < s.headWords);
                return valueType(s, p + 2);
            }
            if (op == Operands.PATH) {
                demand(s, p, s.ofCall && s.descriptor != 0);
                return valueType(s, path(s, p + 1));
            }
            if (op == Operands.VALUE) demand(s, p, s.ofCall);
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

    /// @dev `stepCount1 ‖ { step1 ‖ index2 }*`; each step must fit the type to which those before it lead, and the last lead to a word.
    function path(Scope memory s, uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            uint256 kind = s.descriptor;
            uint256 form = Arguments.TUPLE;
            bool ended = false;
            demand(s, p, count != 0);
            ++p;
            for (uint256 i = 0; i < count; ++i) {
                uint256 step = Memory.number(p, 1);
                uint256 index = Memory.number(p + 1, 2);
                if (form == Arguments.TUPLE) {
                    // The arguments are a tuple of which only the count and the types are written.
                    uint256 members = i == 0 ? Memory.number(s.descriptor, 1) : Memory.number(kind + 1, 1);
                    demand(s, p, step == 0 && index < members);
                    kind = i == 0 ? s.descriptor + 1 : kind + 3;
                    for (; index != 0; --index) kind = Arguments.typeEnd(kind);
                } else if (form == Arguments.ARRAY) {
                    demand(s, p, step == Arguments.ELEMENT || (step == Arguments.LAST && index == 0));
                    kind += 1;
                } else if (form == Arguments.FIXED_ARRAY) {
                    demand(s, p, step == Arguments.ELEMENT && index < Memory.number(kind + 1, 1));
                    kind += 2;
                } else {
                    demand(s, p, form == Arguments.WORDS && step == 3 && !ended && index < Memory.number(kind + 1, 1));
                    ended = true;
                }
                form = Memory.number(kind, 1);
                // A static argument is read by its word, not by a path.
                demand(s, p, i != 0 || form != Arguments.WORDS);
                p += 3;
            }
            demand(s, p, form == Arguments.WORDS && (ended || Memory.number(kind + 1, 1) == 1));
            return p;
        }
    }

    /// @notice A descriptor of `size` bytes at `p`, whose heads take `words` words.
    function descriptor(Scope memory s, uint256 p, uint256 size, uint256 words) internal pure {
        unchecked {
            uint256 end = members(s, p + 1, Memory.number(p, 1), words, 0);
            demand(s, p, end == p + size);
        }
    }

    /// @dev `count` types, one of which is dynamic, and which take `words` words in the heads.
    function members(
        Scope memory s,
        uint256 p,
        uint256 count,
        uint256 words,
        uint256 depth
    ) private pure returns (uint256) {
        unchecked {
            uint256 start = p;
            bool dynamic = false;
            for (; count != 0; --count) {
                words -= Arguments.headWords(p);
                if (Memory.number(p, 1) != Arguments.WORDS) dynamic = true;
                p = kindOf(s, p, depth);
            }
            demand(s, start, dynamic && words == 0);
            return p;
        }
    }

    function kindOf(Scope memory s, uint256 p, uint256 depth) private pure returns (uint256) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            demand(s, p, depth < DEEPEST);
            if (form == Arguments.BYTES) return p + 1;
            if (form == Arguments.ARRAY) return kindOf(s, p + 1, depth + 1);
            uint256 count = Memory.number(p + 1, 1);
            demand(s, p, count != 0);
            if (form == Arguments.WORDS) return p + 2;
            if (form == Arguments.FIXED_ARRAY) {
                demand(s, p, Memory.number(p + 2, 1) != Arguments.WORDS);
                return kindOf(s, p + 2, depth + 1);
            }
            demand(s, p, form == Arguments.TUPLE);
            return members(s, p + 3, count, Memory.number(p + 2, 1), depth + 1);
        }
    }
}
