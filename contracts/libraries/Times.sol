// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "./Memory.sol";

/// @title A rule's own times: from, until, hours of the UTC day.
library Times {
    uint256 internal constant FROM = 4;
    uint256 internal constant UNTIL = 8;
    uint256 internal constant HOURS = 16;
    uint256 internal constant ANY = FROM | UNTIL | HOURS;
    uint256 private constant DAY = 86400;

    uint256 internal constant INSIDE = 0;
    uint256 internal constant BEFORE = 1;
    uint256 internal constant AFTER = 2;
    uint256 internal constant OUTSIDE_HOURS = 3;

    /**
     * @notice Where `time` lies in relation to the times at `p` (which of them stand there is in `flags`), an interval [lower, upper) around
     * it in which that stays so, and the position after them. Outside the hours the interval ends with the UTC day.
     */
    function read(
        uint256 flags,
        uint256 p,
        uint256 time
    ) internal pure returns (uint256 moment, uint256 lower, uint256 upper, uint256 next) {
        unchecked {
            upper = type(uint256).max;
            next = p;
            uint256 from = 0;
            uint256 until = upper;
            if (flags & FROM != 0) {
                from = Memory.number(next, 5);
                next += 5;
            }
            if (flags & UNTIL != 0) {
                until = Memory.number(next, 5);
                next += 5;
            }
            uint256 time0 = next;
            if (flags & HOURS != 0) next += 5;
            if (time < from) return (BEFORE, lower, from, next);
            if (time >= until) return (AFTER, until, upper, next);
            (lower, upper) = (from, until);
            if (flags & HOURS != 0) {
                uint256 midnight = time - (time % DAY);
                uint256 opens = midnight + 60 * Memory.number(time0, 2);
                uint256 closes = midnight + 60 * Memory.number(time0 + 2, 2);
                // 1970-01-01 was a Thursday, and bit 0 is Monday.
                bool chosen = (Memory.number(time0 + 4, 1) >> ((time / DAY + 3) % 7)) & 1 == 1;
                if (!chosen) (moment, opens, closes) = (OUTSIDE_HOURS, midnight, midnight + DAY);
                else if (time < opens) (moment, opens, closes) = (OUTSIDE_HOURS, midnight, opens);
                else if (time >= closes) (moment, opens, closes) = (OUTSIDE_HOURS, closes, midnight + DAY);
                if (moment == OUTSIDE_HOURS) return (moment, opens, closes, next);
                if (opens > lower) lower = opens;
                if (closes < upper) upper = closes;
            }
        }
    }
}
