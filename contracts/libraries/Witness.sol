// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Tree} from "./Tree.sol";

/// @title What an operation carries to show that a policy is the granted one. Nothing in it is trusted before its root is found active.
library Witness {
    /// @notice A copy of the `size` bytes of calldata at `from`.
    function copy(uint256 from, uint256 size) internal pure returns (uint256 p) {
        unchecked {
            p = Memory.take(size);
            Calldata.copy(p, from, size);
        }
    }

    /**
     * @notice Reads `leafCount1 ‖ { leafLength2 ‖ proofLength1 ‖ leaf ‖ sibling32* }*` at `p`.
     * @return top The hash to which every leaf and its proof lead.
     * @return leaves Where the leaves' positions stand, a word for each.
     * @return next Where the calls' leaf numbers begin.
     */
    function read(uint256 p) internal pure returns (uint256 top, uint256 leaves, uint256 next) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            leaves = Memory.take(32 * count + 96);
            uint256 scratch = leaves + 32 * count;
            next = p + 1;
            for (uint256 entry = leaves; entry != scratch; entry += 32) {
                uint256 size = Memory.number(next, 2);
                uint256 siblings = Memory.number(next + 2, 1);
                next += 3;
                Memory.put(entry, next);
                uint256 hash = Tree.leafHash(next, size);
                next += size;
                for (; siblings != 0; --siblings) {
                    hash = Tree.node(scratch, hash, Memory.word(next));
                    next += 32;
                }
                if (entry == leaves) top = hash;
                else if (hash != top) revert IWritModule.InvalidWitness();
            }
        }
    }
}
