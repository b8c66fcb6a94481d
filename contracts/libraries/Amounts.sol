// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "./Memory.sol";
import {Operands} from "./Operands.sol";
import {Sum, Sums} from "./Sums.sol";

/// @title What a charge counts.
library Amounts {
    /// @notice The amount at `p` and the position after it; `flaws` is 0 where it could be read and is from 0 to 2^256 - 1.
    function read(uint256 p) internal view returns (uint256 amount, uint256 next, uint256 flaws) {
        if (Memory.number(p, 1) == Sums.TERMS) {
            Sum memory sum;
            (sum, next, flaws) = Sums.read(p + 1);
            bool whole;
            (amount, whole) = Sums.roundUp(sum);
            if (!whole) flaws = 1;
        } else {
            (amount, next, flaws) = Operands.read(p);
            if (amount >> 255 != 0 && Operands.signed(p, next)) flaws = 1;
        }
    }
}
