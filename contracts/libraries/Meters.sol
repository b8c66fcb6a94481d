// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "./Bits.sol";
import {Frame} from "./Frame.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Slots} from "./Slots.sol";

/// @title Counters that in no window count more than their limit.
library Meters {
    uint256 internal constant WIDE = 1;
    uint256 internal constant ROLLING = 2;
    uint256 internal constant PER_CALL = 3;
    /// The greatest `kindAndLength1` of a narrow or a wide meter.
    uint256 internal constant MOST_STORED_IN_ONE = 127;
    uint256 internal constant NARROW_SPENT = 97;
    uint256 internal constant WIDE_SPENT = 226;
    uint256 internal constant ROLLING_SPENT = 112;
    uint256 private constant HALF = 127;

    /// @notice The position after the meter record at `p`.
    function recordEnd(uint256 p) internal pure returns (uint256) {
        unchecked {
            return p + 6 + (Memory.number(p, 1) & 63);
        }
    }

    /**
     * @notice Counts `amount` on the narrow or wide meter whose record is at `p`, in the window of the operation's time.
     * @param fees The fees are charged: the error says so.
     */
    function charge(uint256 p, uint256 amount, bool fees) internal {
        unchecked {
            // kindAndLength1 ‖ position1 ‖ period4 ‖ limit
            uint256 record = Memory.word(p);
            uint256 period = uint32(record >> 208);
            uint256 window = 0;
            if (period != 0) {
                uint256 start = Frame.start();
                // INVARIANT: start <= time, both below 2^38, period >= 300; so window < 2^30.
                window = Bits.quotient(Frame.time() - start, period);
                start += window * period;
                if (start > Frame.validFrom()) Frame.setValidFrom(start);
                start += period;
                if (start < Frame.validUntil()) Frame.setValidUntil(start);
            }
            uint256 position = uint8(record >> 240);
            uint256 bits = NARROW_SPENT;
            uint256 shift = HALF * (1 - (position & 1));
            uint256 mask = (1 << HALF) - 1;
            if (record >> 254 != 0) (bits, shift, mask) = (WIDE_SPENT, 0, type(uint256).max);
            window <<= bits;

            uint256 word = Frame.word0();
            uint256 slot = Frame.slot() + (position >> 1);
            if (position > 1) word = Slots.load(slot);
            // window ‖ spent, from now on of the present window, in which nothing is spent before the first charge
            uint256 cell = (word >> shift) & mask;
            uint256 next = cell;
            if (cell < window) next = window;
            // INVARIANT: spent <= limit within one window, since one root knows one limit for a position; limit < 2^bits.
            uint256 spent = next - window;
            if (spent >> bits != 0) revert IWritModule.WindowPassed(position, cell >> bits);
            uint256 remaining = Memory.number(p + 6, (record >> 248) & 63) - spent;
            if (amount > remaining) {
                if (fees) revert IWritModule.FeeExceeded(amount, remaining);
                revert IWritModule.MeterExceeded(position, amount, remaining);
            }
            word ^= (cell ^ (next + amount)) << shift;
            if (position > 1) Slots.store(slot, word);
            else Frame.setWord0(word);
        }
    }
}
