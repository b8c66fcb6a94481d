// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Amounts} from "./Amounts.sol";
import {Bits} from "./Bits.sol";
import {Calldata} from "./Calldata.sol";
import {Clauses} from "./Clauses.sol";
import {Conditions} from "./Conditions.sol";
import {Frame} from "./Frame.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Meters} from "./Meters.sol";
import {Nested} from "./Nested.sol";
import {Rolling} from "./Rolling.sol";
import {Times} from "./Times.sol";

/// @title One call against one leaf: an allow rule with every deny that touches its function.
library Rule {
    uint256 internal constant SEND = 1;
    uint256 internal constant VALUE_ALLOWED = 2;
    uint256 internal constant DESCRIPTOR = 32;
    uint256 internal constant NESTED = 64;
    uint256 internal constant COMMAND = 128;

    /// @notice Denies, or charges what the leaf at `p` charges. The call's calldata is the `size` bytes at `data`.
    function judge(uint256 p, uint256 target, uint256 data, uint256 size) internal {
        unchecked {
            // flags1 ‖ target20 ‖ selector4 ‖ headWords1 ‖ descriptorLength1
            uint256 word = Memory.word(p);
            uint256 flags = word >> 248;
            uint256 selector = Calldata.word(data) >> 224;
            uint256 mismatch;
            if (flags & SEND != 0) {
                mismatch = (uint160(word >> 88) ^ target) | size;
                p += 21;
            } else {
                mismatch = (uint192(word >> 56) ^ ((target << 32) | selector)) | Bits.less(size, 4);
                Frame.setArgumentsAt(data + 4);
                Frame.setHeadsEnd(data + 4 + 32 * uint256(uint8(word >> 48)));
                Frame.setDataEnd(data + size);
                p += 26;
                if (flags & DESCRIPTOR != 0) {
                    Frame.setCanonical(0);
                    Frame.setDescriptor(p + 1);
                    p += 1 + uint256(uint8(word >> 40));
                }
            }
            if (mismatch != 0)
                revert IWritModule.NoRule(
                    Frame.callIndex(),
                    address(uint160(target)),
                    bytes4(uint32(size < 4 ? 0 : selector))
                );
            // The mask is empty where ether is allowed.
            if (Frame.value() & (((flags >> 1) & 1) - 1) != 0)
                revert IWritModule.ValueNotAllowed(Frame.callIndex(), Frame.value());
            if (flags & Times.ANY != 0) p = times(flags, p);

            uint256 count = Memory.number(p, 1);
            ++p;
            for (uint256 i = 0; i < count; ++i) {
                bool holds;
                (holds, p) = Conditions.holds(p, false);
                if (!holds) revert IWritModule.ConditionFailed(Frame.callIndex(), i);
            }
            count = Memory.number(p, 1);
            ++p;
            for (; count != 0; --count) p = charge(p);
            count = Memory.number(p, 1);
            if (count | (flags & NESTED) != 0) behind(p + 1, count, flags, target);
        }
    }

    /// @notice Denies, or charges what nested calls charge: `count` clauses are at `p`, and nested calls behind them if a flag says so.
    function behind(uint256 p, uint256 count, uint256 flags, uint256 target) private {
        uint256 hit;
        (hit, p) = Clauses.first(p, count);
        if (hit != count) revert IWritModule.DeniedByRule(Frame.callIndex(), hit);
        if (flags & NESTED != 0) Nested.judge(p, target);
    }

    function times(uint256 flags, uint256 p) private view returns (uint256 next) {
        uint256 moment;
        uint256 lower;
        uint256 upper;
        (moment, lower, upper, next) = Times.read(flags, p, Frame.time());
        if (moment == Times.BEFORE) revert IWritModule.RuleNotYetValid(Frame.callIndex(), upper);
        if (moment == Times.AFTER) revert IWritModule.RuleExpired(Frame.callIndex(), lower);
        if (moment == Times.OUTSIDE_HOURS) revert IWritModule.OutsideHours(Frame.callIndex());
        Frame.narrow(lower, upper);
    }

    function charge(uint256 p) private returns (uint256 next) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (form > Meters.MOST_STORED_IN_ONE) return chargeOther(p, form);
            uint256 amount;
            uint256 flaws;
            (amount, next, flaws) = Amounts.read(p + 6 + (form & 63));
            if (flaws != 0) revert IWritModule.AmountUnreadable(Frame.callIndex());
            Meters.charge(p, amount, false);
        }
    }

    /// @notice A charge to a rolling meter, or a limit for one call.
    function chargeOther(uint256 p, uint256 form) private returns (uint256 next) {
        unchecked {
            bool perCall = form >> 6 == Meters.PER_CALL;
            uint256 limit = p + (perCall ? 1 : 6);
            uint256 amount;
            uint256 flaws;
            (amount, next, flaws) = Amounts.read(limit + (form & 63));
            if (flaws != 0) revert IWritModule.AmountUnreadable(Frame.callIndex());
            if (!perCall) {
                Rolling.charge(p, amount, false);
            } else {
                limit = Memory.number(limit, form & 63);
                if (amount > limit) revert IWritModule.PerCallExceeded(Frame.callIndex(), amount, limit);
            }
        }
    }
}
