// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Scope} from "./Scope.sol";
import {Tables} from "./Tables.sol";
import {Times} from "./Times.sol";

/// @title The form of what a grant brings, checked once when it is granted, so that validation need not check it again.
library Form {
    /// @notice How deep conditions, and types, may be nested.
    uint256 internal constant DEEPEST = 32;

    /// @notice Refuses the grant, for what stands at `p`.
    function fail(uint256 p) internal pure {
        unchecked {
            revert IWritModule.InvalidGrant(p - Scope.grant());
        }
    }

    /// @notice `from5`, `until5` and hours, as `flags` says; within the policy's own times.
    function times(uint256 flags, uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 from = Scope.start();
            uint256 until = Scope.until();
            if (flags & Times.ANY == 0) return p;
            if (flags & Times.FROM != 0) {
                from = Memory.number(p, 5);
                p += 5;
            }
            if (flags & Times.UNTIL != 0) {
                until = Memory.number(p, 5);
                p += 5;
            }
            if (!(Scope.start() <= from && from < until && until <= Scope.until())) fail(p);
            if (flags & Times.HOURS != 0) {
                uint256 opens = Memory.number(p, 2);
                uint256 closes = Memory.number(p + 2, 2);
                uint256 weekdays = Memory.number(p + 4, 1);
                if (!(opens < closes && closes <= 1440 && weekdays != 0 && weekdays < 128)) fail(p);
                p += 5;
            }
            return p;
        }
    }

    /// @notice A token's index, or the chain's coin.
    function asset(uint256 p) internal pure {
        unchecked {
            uint256 index = Memory.number(p, 1);
            if (!(index < Scope.tokens() || index == 0xff)) fail(p);
            Scope.setUnused(Scope.unused() & ~(1 << index));
        }
    }

    /// @notice An address of which a rule speaks: where it is a token's, it is shown as the token's symbol.
    function party(uint256 account) internal pure {
        if (Scope.unused() != 0) Tables.use(account);
    }

    /// @notice `length1 ‖ integer`, of at most 32 bytes and without leading zeros.
    function integer(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 size = Memory.number(p, 1);
            if (!(size < 33 && (size == 0 || Memory.number(p + 1, 1) != 0))) fail(p);
            return p + 1 + size;
        }
    }
}
