// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Amounts} from "./Amounts.sol";
import {Calldata} from "./Calldata.sol";
import {Conditions} from "./Conditions.sol";
import {Frame} from "./Frame.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Meters} from "./Meters.sol";
import {Times} from "./Times.sol";

/// @title One call against one leaf: an allow rule with every deny that touches its function.
library Rule {
    uint256 internal constant SEND = 1;
    uint256 internal constant VALUE_ALLOWED = 2;
    uint256 internal constant DESCRIPTOR = 32;

    /// @notice Denies, or charges what the leaf at `p` charges. The call's calldata is [data, data + size).
    function judge(Frame memory f, uint256 p, uint256 target, uint256 data, uint256 size) internal {
        unchecked {
            // flags1 ‖ target20 ‖ selector4 ‖ headWords1 ‖ descriptorLength1 stand in the first word.
            uint256 word = Memory.word(p);
            uint256 flags = word >> 248;
            uint256 selector = size < 4 ? 0 : Calldata.word(data) >> 224;
            bool matches = address(uint160(word >> 88)) == address(uint160(target));
            if (flags & SEND != 0) {
                matches = matches && size == 0;
                p += 21;
            } else {
                matches = matches && size > 3 && uint32(word >> 56) == selector;
                f.arguments = data + 4;
                f.end = data + size;
                f.headWords = uint8(word >> 48);
                f.canonical = 0;
                p += 26;
                if (flags & DESCRIPTOR != 0) {
                    f.descriptor = p + 1;
                    p += 1 + uint8(word >> 40);
                }
            }
            if (!matches) revert IWritModule.NoRule(f.callIndex, address(uint160(target)), bytes4(uint32(selector)));
            if (flags & VALUE_ALLOWED == 0 && f.value != 0) revert IWritModule.ValueNotAllowed(f.callIndex, f.value);
            if (flags & Times.ANY != 0) p = times(f, flags, p);
            p = conditions(f, p);
            p = charges(f, p);
            denies(f, p);
        }
    }

    function times(Frame memory f, uint256 flags, uint256 p) private pure returns (uint256 next) {
        Times.Moment moment;
        uint256 lower;
        uint256 upper;
        (moment, lower, upper, next) = Times.read(flags, p, f.time);
        if (moment == Times.Moment.Before) revert IWritModule.RuleNotYetValid(f.callIndex, upper);
        if (moment == Times.Moment.After) revert IWritModule.RuleExpired(f.callIndex, lower);
        if (moment == Times.Moment.OutsideHours) revert IWritModule.OutsideHours(f.callIndex);
        f.narrow(lower, upper);
    }

    function conditions(Frame memory f, uint256 p) private pure returns (uint256 next) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            next = p + 1;
            for (uint256 i = 0; i < count; ++i) {
                bool holds;
                (holds, next) = Conditions.holds(f, next, false);
                if (!holds) revert IWritModule.ConditionFailed(f.callIndex, i);
            }
        }
    }

    function charges(Frame memory f, uint256 p) private returns (uint256 next) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            next = p + 1;
            for (uint256 i = 0; i < count; ++i) {
                uint256 record = next;
                uint256 form = Memory.number(record, 1);
                bool perCall = form >> 6 == Meters.PER_CALL;
                next = perCall ? record + 1 + (form & 63) : Meters.recordEnd(record);
                uint256 amount;
                bool ok;
                (amount, next, ok) = Amounts.read(f, next);
                if (!ok) revert IWritModule.AmountUnreadable(f.callIndex);
                if (perCall) {
                    uint256 limit = Memory.number(record + 1, form & 63);
                    if (amount > limit) revert IWritModule.PerCallExceeded(f.callIndex, amount, limit);
                } else {
                    uint256 remaining = Meters.charge(f, record, amount);
                    if (amount > remaining)
                        revert IWritModule.MeterExceeded(Memory.number(record + 1, 1), amount, remaining);
                }
            }
        }
    }

    function denies(Frame memory f, uint256 p) private pure {
        unchecked {
            uint256 count = Memory.number(p, 1);
            ++p;
            for (uint256 i = 0; i < count; ++i) {
                (Times.Moment moment, uint256 lower, uint256 upper, uint256 next) = Times.read(
                    Memory.number(p, 1),
                    p + 1,
                    f.time
                );
                uint256 conjuncts = Memory.number(next, 1);
                p = next + 1;
                bool holds = true;
                for (uint256 j = 0; j < conjuncts; ++j) {
                    bool each;
                    (each, p) = Conditions.holds(f, p, true);
                    holds = holds && each;
                }
                if (holds) {
                    if (moment == Times.Moment.Inside) revert IWritModule.DeniedByRule(f.callIndex, i);
                    // At another time the clause would hold: the operation may be included only while it does not.
                    f.narrow(lower, upper);
                }
            }
        }
    }
}
