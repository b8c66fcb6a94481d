// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Frame} from "./Frame.sol";
import {Memory} from "./Memory.sol";
import {Operands} from "./Operands.sol";
import {Sum, Sums} from "./Sums.sol";

/// @title What a charge counts.
library Amounts {
    /// @notice The amount at `p`, the position after it, and whether it could be read and is from 0 to 2^256 - 1.
    function read(Frame memory f, uint256 p) internal pure returns (uint256 amount, uint256 next, bool ok) {
        if (Memory.number(p, 1) == Sums.TERMS) {
            Sum memory sum;
            (sum, next, ok) = Sums.read(f, p + 1);
            bool whole;
            (amount, whole) = Sums.roundUp(sum);
            return (amount, next, ok && whole);
        }
        (amount, next, ok) = Operands.read(f, p);
        if (amount >> 255 != 0) ok = ok && !Operands.signed(p, next);
    }
}
