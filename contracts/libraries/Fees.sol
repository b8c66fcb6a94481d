// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";
import {Conditions} from "./Conditions.sol";
import {Frame} from "./Frame.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Meters} from "./Meters.sol";
import {Operands} from "./Operands.sol";

/// @title Who pays for a UserOperation: the account within a budget, a sponsor, or whoever.
library Fees {
    uint256 internal constant BUDGET = 1;
    uint256 internal constant SPONSOR = 2;
    uint256 internal constant CONDITIONS = 4;

    /// @notice Denies, or charges the fees meter. The header's fees part is at `p`.
    function charge(Frame memory f, uint256 flags, uint256 p, bytes calldata paymasterAndData) internal {
        unchecked {
            uint256 sponsor = 0;
            if (flags & SPONSOR != 0) {
                sponsor = Memory.number(p, 20);
                p += 20;
            }
            uint256 record = p;
            if (flags & BUDGET != 0) p = Meters.recordEnd(p);
            if (flags & CONDITIONS != 0) conditions(f, p);

            if (paymasterAndData.length == 0) {
                if (flags & BUDGET != 0) account(f, record);
                else if (flags & SPONSOR != 0) revert IWritModule.PaymasterNotAllowed();
            } else if (flags & SPONSOR != 0) {
                // Never "some paymaster": 52 zero bytes would be no paymaster, and the account would pay.
                if (
                    paymasterAndData.length < 20 ||
                    Calldata.word(Calldata.positionOf(paymasterAndData)) >> 96 != sponsor
                ) revert IWritModule.PaymasterNotAllowed();
            } else if (flags & BUDGET != 0) {
                revert IWritModule.PaymasterNotAllowed();
            }
        }
    }

    function conditions(Frame memory f, uint256 p) private pure {
        unchecked {
            uint256 count = Memory.number(p, 1);
            ++p;
            for (uint256 i = 0; i < count; ++i) {
                bool holds;
                (holds, p) = Conditions.holds(f, p, false);
                if (!holds) revert IWritModule.FeeConditionFailed(i);
            }
        }
    }

    /// @notice The most that the account may have to pay, at the price it offers; nothing of it is ever given back.
    function account(Frame memory f, uint256 record) private {
        unchecked {
            uint256 preVerification = Operands.gasField(f.userOp, Operands.PRE_VERIFICATION_GAS);
            uint256 price = Operands.gasField(f.userOp, Operands.MAX_FEE);
            uint256 gas = Operands.gasField(f.userOp, Operands.CALL_GAS) +
                Operands.gasField(f.userOp, Operands.VERIFICATION_GAS) +
                preVerification;
            uint256 amount = gas * price;
            // The other two limits are below 2^128, so a wrapped sum is below the third.
            bool wrapped = price != 0 && (gas < preVerification || amount / price != gas);
            // No limit reaches 2^256 - 1, so what wrapped is never counted.
            if (wrapped) amount = type(uint256).max;
            uint256 remaining = Meters.charge(f, record, amount);
            if (amount > remaining) revert IWritModule.FeeExceeded(amount, remaining);
        }
    }
}
