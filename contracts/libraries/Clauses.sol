// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Conditions} from "./Conditions.sol";
import {Frame} from "./Frame.sol";
import {Memory} from "./Memory.sol";
import {Times} from "./Times.sol";

/// @title The denies that were folded into a leaf.
library Clauses {
    /// @notice The number of the first of `count` clauses at `p` that holds, and then nothing else; `count` where none does, and the position after them.
    function first(uint256 p, uint256 count) internal view returns (uint256 hit, uint256 next) {
        unchecked {
            for (; hit != count; ++hit) {
                (uint256 moment, uint256 lower, uint256 upper, uint256 conjuncts) = Times.read(
                    Memory.number(p, 1),
                    p + 1,
                    Frame.time()
                );
                bool holds;
                (holds, p) = Conditions.all(conjuncts, true);
                if (holds) {
                    if (moment == Times.INSIDE) return (hit, 0);
                    // At another time the clause would hold: the operation may be included only while it does not.
                    Frame.narrow(lower, upper);
                }
            }
            return (count, p);
        }
    }
}
