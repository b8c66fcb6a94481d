// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "./Bits.sol";
import {Frame} from "./Frame.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Slots} from "./Slots.sol";

/// @title Meters whose present sub-window and the eight before it together never count more than the limit.
/// @dev Five words: 00 ‖ window30 ‖ total112 ‖ spent112, then what was spent in the eight before: past number i mod 8, two in each word behind 32 zero bits.
library Rolling {
    uint256 private constant PARTS = 8;
    uint256 private constant SPENT = 112;
    uint256 private constant MASK = (1 << SPENT) - 1;

    /// @notice Counts `amount` on the rolling meter whose record is at `p`, in the sub-window of the operation's time.
    /// @param fees The fees are charged: the error says so.
    function charge(uint256 p, uint256 amount, bool fees) internal {
        unchecked {
            // kindAndLength1 ‖ position1 ‖ period4 ‖ limit
            uint256 position = Memory.number(p + 1, 1);
            uint256 period = Memory.number(p + 2, 4) / PARTS;
            uint256 start = Frame.start();
            // INVARIANT: start <= time, and until - from <= 2^30 * period / 8; so window < 2^30.
            uint256 window = Bits.quotient(Frame.time() - start, period);
            start += window * period;
            Frame.narrow(start, start + period);

            uint256 slot = Frame.slot() + (position >> 1);
            uint256 word = Slots.load(slot);
            uint256 last = word >> (2 * SPENT);
            uint256 total = (word >> SPENT) & MASK;
            uint256 spent = word & MASK;
            if (last > window) revert IWritModule.WindowPassed(position, last);
            if (last < window) {
                // A total of nothing is the sum of nine times nothing.
                if (total != 0) total = move(slot, last, window, spent, total);
                spent = 0;
            }
            // INVARIANT: total <= limit, since one root knows one limit for a position; limit < 2^112.
            uint256 remaining = Memory.number(p + 6, Memory.number(p, 1) & 63) - total;
            if (amount > remaining) {
                if (fees) revert IWritModule.FeeExceeded(amount, remaining);
                revert IWritModule.MeterExceeded(position, amount, remaining);
            }
            Slots.store(slot, (window << (2 * SPENT)) | ((total + amount) << SPENT) | (spent + amount));
        }
    }

    /// @notice The total when the sub-windows from `last` on have become past ones: each takes the place of the eighth before it, which leaves the total.
    /// @dev After nine of them all are nothing, and more change nothing.
    function move(uint256 slot, uint256 last, uint256 window, uint256 spent, uint256 total) private returns (uint256) {
        unchecked {
            uint256 end = window - last > PARTS ? last + PARTS + 1 : window;
            for (; last != end; ++last) {
                uint256 at = slot + 1 + ((last & (PARTS - 1)) >> 1);
                uint256 shift = SPENT * (1 - (last & 1));
                uint256 word = Slots.load(at);
                uint256 past = (word >> shift) & MASK;
                total -= past;
                if (past != spent) Slots.store(at, word ^ ((past ^ spent) << shift));
                spent = 0;
            }
            return total;
        }
    }
}
