// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Times} from "./Times.sol";

/// @notice Where conditions stand, and what they may speak of.
struct Scope {
    /// Memory position of the grant, from which offsets in errors count.
    uint256 grant;
    /// Where it ends.
    uint256 end;
    uint256 tokens;
    /// The policy's own times.
    uint256 from;
    uint256 until;
    /// The function's: words of the arguments' heads, memory position of the descriptor (0: none).
    uint256 headWords;
    uint256 descriptor;
    /// What the elements of the quantifiers around are (see PlaceForm): a word of memory for each, the outermost first, and how many there are.
    uint256 elements;
    uint256 depth;
    /// A call is there to speak of: not in the header.
    bool ofCall;
    /// Bounds on now are allowed: in an allow rule's body only.
    bool body;
}

/// @title The form of what a grant brings, checked once when it is granted, so that validation need not check it again.
/// @dev The libraries *Form take no memory: leaves are written where free memory begins, while these look at their parts.
library Form {
    /// @notice How deep conditions, and types, may be nested.
    uint256 internal constant DEEPEST = 32;

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
            if (flags & Times.ANY == 0) return p;
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

    /// @notice A token's index, or the chain's coin.
    function asset(Scope memory s, uint256 p) internal pure {
        uint256 index = Memory.number(p, 1);
        demand(s, p, index < s.tokens || index == 0xff);
    }

    /// @notice `length1 ‖ integer`, of at most 32 bytes and without leading zeros.
    function integer(Scope memory s, uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 size = Memory.number(p, 1);
            demand(s, p, size < 33 && (size == 0 || Memory.number(p + 1, 1) != 0));
            return p + 1 + size;
        }
    }
}
