// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "../Bits.sol";
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
            uint256 century = year / 100;
            day |= (century << 64) | ((year - 100 * century) << 48) | (month << 24);
            Pen.word(pairsOf(day, 0x2f, 10));
            time %= 86400;
            uint256 minute = time / 60;
            uint256 hour = minute / 60;
            Pen.more(pairsOf((hour << 48) | ((minute - 60 * hour) << 24) | (time - 60 * minute), 0x3a, 8));
        }
    }

    /// @dev Numbers below 100, which begin at bits 0, 24, 48 and 64, as two digits each: the token of the last `size` characters, with a sign before the last pair and the one before it.
    function pairsOf(uint256 values, uint256 sign, uint256 size) private pure returns (uint256) {
        unchecked {
            // Below 100 a tenth is 103 / 1024, rounded down.
            values += 246 * (((103 * values) >> 10) & 0xf000f00000f00000f);
            uint256 units =
                2 * Glyphs.unitsOf(sign) + pairUnits(values, 24) + pairUnits(values, 27) + pairUnits(values, 30);
            if (size == 10) units += pairUnits(values, 22);
            values += 0x30303030003030003030 + sign * 0x10000010000;
            return (values << (256 - 8 * size)) | (units << 8) | size;
        }
    }

    /// @dev The width of the two digits that stand from a byte on.
    function pairUnits(uint256 values, uint256 at) private pure returns (uint256) {
        unchecked {
            return Glyphs.ofDigit(Bits.byteAt(values, at)) + Glyphs.ofDigit(Bits.byteAt(values, at + 1));
        }
    }

    /// @dev Two digits.
    function pair(uint256 value) private pure returns (uint256) {
        unchecked {
            return 0x3030 + value + 246 * (value / 10);
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
            uint256 weekdays = Memory.one(p + 4);
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
