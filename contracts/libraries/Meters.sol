// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Frame} from "./Frame.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Slots} from "./Slots.sol";

/// @title Counters that in no window count more than their limit.
library Meters {
    uint256 internal constant WIDE = 1;
    uint256 internal constant PER_CALL = 3;
    uint256 internal constant NARROW_SPENT = 97;
    uint256 internal constant WIDE_SPENT = 226;

    /// @notice The position after the meter record at `p`.
    function recordEnd(uint256 p) internal pure returns (uint256) {
        unchecked {
            return p + 6 + (Memory.number(p, 1) & 63);
        }
    }

    /**
     * @notice Counts `amount` on the meter whose record is at `p`, in the window of the operation's time.
     * @return remaining What was left. Where that is less than `amount` nothing is counted, and the caller must deny.
     */
    function charge(Frame memory f, uint256 p, uint256 amount) internal returns (uint256 remaining) {
        unchecked {
            uint256 position = Memory.number(p + 1, 1);
            uint256 period = Memory.number(p + 2, 4);
            uint256 limit = Memory.number(p + 6, Memory.number(p, 1) & 63);
            uint256 window = 0;
            if (period != 0) {
                // INVARIANT: start <= time, both below 2^38, period >= 300; so window < 2^30.
                window = (f.time - f.start) / period;
                uint256 opens = f.start + window * period;
                f.narrow(opens, opens + period);
            }
            (uint256 bits, uint256 shift, uint256 mask) = Memory.number(p, 1) < 64
                ? (NARROW_SPENT, position & 1 == 0 ? 127 : 0, type(uint256).max >> 129)
                : (WIDE_SPENT, 0, type(uint256).max);

            uint256 slot = f.slot + position / 2;
            uint256 word = position < 2 ? f.word0 : Slots.load(slot);
            uint256 cell = (word >> shift) & mask;
            uint256 stored = cell >> bits;
            if (stored > window) revert IWritModule.WindowPassed(position, stored);
            uint256 spent = stored == window ? cell - (stored << bits) : 0;
            // INVARIANT: spent <= limit within one window, since one root knows one limit for a position; limit < 2^bits.
            remaining = limit - spent;
            if (amount > remaining) return remaining;
            word ^= (cell ^ ((window << bits) + spent + amount)) << shift;
            if (position < 2) f.word0 = word;
            else Slots.store(slot, word);
        }
    }
}
