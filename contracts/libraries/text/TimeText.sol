// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Glyphs} from "./Glyphs.sol";
import {Memory} from "../Memory.sol";
import {Pen} from "./Pen.sol";
import {Times} from "../Times.sol";
import {Words} from "./Words.sol";

/// @title Dates and hours, in UTC.
library TimeText {
    /// @notice The first second of the year 10000, whose dates are too long for a line.
    uint256 internal constant LAST_DATE = 253_402_300_800;

    /// `mon`, `tue` and so on, three bytes each from the lowest.
    uint256 private constant DAYS = 0x73756e7361746672697468757765647475656d6f6e;
    uint256 private constant EVERY_DAY = 127;

    /// @notice `UTC 2026/11/22 13:00:00`
    function moment(uint256 time) internal pure {
        Pen.word(Words.UTC);
        date(time);
    }

    /// @notice `2026/11/22 13:00:00`, of unix seconds before LAST_DATE.
    function date(uint256 time) internal pure {
        unchecked {
            // Days of years that begin in March, since the first of March of year 0.
            uint256 day = time / 86400 + 719468;
            uint256 era = day / 146097;
            day %= 146097;
            uint256 year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
            day -= 365 * year + year / 4 - year / 100;
            year += 400 * era;
            uint256 month = (5 * day + 2) / 153;
            day = day - (153 * month + 2) / 5 + 1;
            month = month < 10 ? month + 3 : month - 9;
            if (month < 3) ++year;
            uint256 text = (pair(year / 100) << 64) | (pair(year % 100) << 48) | (pair(month) << 24) | pair(day);
            Pen.word(token(text | (0x2f << 40) | (0x2f << 16), 10));
            time %= 86400;
            text = (pair(time / 3600) << 48) | (pair((time / 60) % 60) << 24) | pair(time % 60);
            Pen.more(token(text | (0x3a << 40) | (0x3a << 16), 8));
        }
    }

    /// @dev Two digits.
    function pair(uint256 value) private pure returns (uint256) {
        unchecked {
            return ((0x30 + value / 10) << 8) | (0x30 + (value % 10));
        }
    }

    /// @dev The token of `size` characters that stand in the lowest bytes.
    function token(uint256 text, uint256 size) private pure returns (uint256) {
        unchecked {
            text <<= 256 - 8 * size;
            return text | (Glyphs.measure(text, size) << 8) | size;
        }
    }

    /// @notice The times at `p` that `flags` tells of, as clauses or as parts of one; the position behind them.
    function times(uint256 flags, uint256 p, bool clauses) internal pure returns (uint256 next) {
        unchecked {
            next = p + (flags & Times.FROM != 0 ? 5 : 0) + (flags & Times.UNTIL != 0 ? 5 : 0);
            if (flags & Times.HOURS != 0) {
                hoursOf(next);
                next += 5;
                if (clauses) Pen.end();
            }
            if (flags & Times.FROM != 0) {
                Pen.word(Words.FROM);
                moment(Memory.number(p, 5));
                p += 5;
                if (clauses) Pen.end();
            }
            if (flags & Times.UNTIL != 0) {
                Pen.word(Words.UNTIL);
                moment(Memory.number(p, 5));
                if (clauses) Pen.end();
            }
        }
    }

    /// @dev `startMinute2 ‖ endMinute2 ‖ weekdays1`
    function hoursOf(uint256 p) private pure {
        unchecked {
            uint256 opens = Memory.number(p, 2);
            uint256 closes = Memory.number(p + 2, 2);
            Pen.word(Words.HOURS);
            Pen.word(token((clock(opens) << 48) | (0x2d << 40) | clock(closes), 11));
            Pen.word(Words.UTC);
            uint256 weekdays = Memory.number(p + 4, 1);
            if (weekdays == EVERY_DAY) return;
            bool first = true;
            for (uint256 day = 0; weekdays >> day != 0;) {
                if ((weekdays >> day) & 1 == 0) {
                    ++day;
                    continue;
                }
                uint256 last = day;
                while ((weekdays >> (last + 1)) & 1 == 1) ++last;
                uint256 run = token(uint24(DAYS >> (24 * day)), 3);
                if (last != day)
                    run = Glyphs.join(Glyphs.join(run, Words.MINUS), token(uint24(DAYS >> (24 * last)), 3));
                if (weekdays >> (last + 1) != 0) run = Glyphs.join(run, Words.COMMA);
                if (first) Pen.word(run);
                else Pen.soft(run);
                first = false;
                day = last + 1;
            }
        }
    }

    /// @dev `09:00`
    function clock(uint256 minutes_) private pure returns (uint256) {
        unchecked {
            return (pair(minutes_ / 60) << 24) | (0x3a << 16) | pair(minutes_ % 60);
        }
    }
}
