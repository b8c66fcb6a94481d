// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";
import {Conditions} from "./Conditions.sol";
import {Frame} from "./Frame.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Meters} from "./Meters.sol";
import {Rolling} from "./Rolling.sol";

/// @title Who pays for a UserOperation: the account within a budget, a sponsor, or whoever.
library Fees {
    uint256 internal constant BUDGET = 1;
    uint256 internal constant SPONSOR = 2;
    uint256 internal constant CONDITIONS = 4;
    /// What each field of a PackedUserOperation stands behind.
    uint256 private constant GAS_LIMITS = 0x80;
    uint256 private constant PRE_VERIFICATION_GAS = 0xa0;
    uint256 private constant PRICES = 0xc0;
    uint256 private constant PAYMASTER_AND_DATA = 0xe0;

    /// @notice Denies, or charges the fees meter. The header's fees part is at `p`.
    function charge(uint256 flags, uint256 p) internal {
        unchecked {
            uint256 sponsor = p;
            // The sponsor's 20 bytes; the flag is 2.
            p += 10 * (flags & SPONSOR);
            (uint256 paymaster, uint256 size) = Calldata.tail(Frame.userOp(), PAYMASTER_AND_DATA);
            if (size == 0) {
                if (flags & BUDGET != 0) account(p);
                else if (flags & SPONSOR != 0) revert IWritModule.PaymasterNotAllowed();
            } else if (flags & (SPONSOR | BUDGET) != 0) {
                // Never "some paymaster": 52 zero bytes would be no paymaster, and the account would pay.
                if (flags & SPONSOR == 0 || size < 20 || Calldata.word(paymaster) >> 96 != Memory.number(sponsor, 20))
                    revert IWritModule.PaymasterNotAllowed();
            }
            if (flags & CONDITIONS != 0) conditions(flags & BUDGET != 0 ? Meters.recordEnd(p) : p);
        }
    }

    function conditions(uint256 p) private view {
        unchecked {
            uint256 count = Memory.number(p, 1);
            ++p;
            for (uint256 i = 0; i < count; ++i) {
                bool holds;
                (holds, p) = Conditions.holds(p, false);
                if (!holds) revert IWritModule.FeeConditionFailed(i);
            }
        }
    }

    /// @notice The most that the account may have to pay, at the price it offers; nothing of it is ever given back.
    function account(uint256 record) private {
        unchecked {
            uint256 limits = Calldata.word(Frame.userOp() + GAS_LIMITS);
            uint256 preVerification = Calldata.word(Frame.userOp() + PRE_VERIFICATION_GAS);
            uint256 price = uint128(Calldata.word(Frame.userOp() + PRICES));
            uint256 gas = uint128(limits) + (limits >> 128) + preVerification;
            uint256 amount = gas * price;
            // The price and the other two limits are below 2^128. What is 2^256 or more is more than any limit.
            if ((gas | preVerification) >> 128 != 0)
                if (price != 0 && (gas < preVerification || amount / price != gas)) amount = type(uint256).max;
            if (Memory.number(record, 1) > Meters.MOST_STORED_IN_ONE) Rolling.charge(record, amount, true);
            else Meters.charge(record, amount, true);
        }
    }
}
