// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {Memory} from "./Memory.sol";
import {Tree} from "./Tree.sol";

/// @notice A witness in memory; positions are memory's.
struct Evidence {
    bytes32 digest;
    uint256 header;
    uint256 headerSize;
    uint256 time;
    /// The hash to which every leaf and its proof lead.
    bytes32 tree;
    /// A word for each leaf: its position.
    uint256 leaves;
    uint256 leafCount;
    /// Where the calls' leaf numbers stand, and where the witness ends.
    uint256 indexes;
    uint256 end;
}

/// @title What an operation carries to show that a policy is the granted one. Nothing in it is trusted before its root is found active.
library Witness {
    /// @notice Reads the first `size` bytes of calldata at `from` as a witness.
    function read(uint256 from, uint256 size) internal pure returns (Evidence memory e) {
        unchecked {
            uint256 scratch = Memory.take(96);
            uint256 p = Memory.take(size + 32);
            e.end = p + size;
            Calldata.copy(p, from, size);
            e.digest = Memory.hash(p, size);
            e.headerSize = Memory.number(p, 2);
            e.header = p + 2;
            p += 2 + e.headerSize;
            e.time = Memory.number(p, 5);
            e.leafCount = Memory.number(p + 5, 1);
            e.leaves = Memory.take(32 * e.leafCount);
            p += 6;
            for (uint256 i = 0; i < e.leafCount; ++i) {
                uint256 leafSize = Memory.number(p, 2);
                uint256 siblings = Memory.number(p + 2, 1);
                p += 3;
                Memory.put(e.leaves + 32 * i, p);
                bytes32 hash = Tree.leafHash(p, leafSize);
                p += leafSize;
                for (; siblings != 0; --siblings) {
                    hash = Tree.node(scratch, hash, bytes32(Memory.word(p)));
                    p += 32;
                }
                if (i == 0) e.tree = hash;
                else if (hash != e.tree) revert IWritModule.InvalidWitness();
            }
            e.indexes = p;
        }
    }

    /// @notice The leaf of call number `i`.
    function leafOf(Evidence memory e, uint256 i) internal pure returns (uint256 leaf) {
        unchecked {
            uint256 index = e.leafCount == 1 ? 0 : Memory.number(e.indexes + i, 1);
            if (index >= e.leafCount) revert IWritModule.InvalidWitness();
            return Memory.word(e.leaves + 32 * index);
        }
    }

    /// @notice A witness for `calls` calls ends where its bytes end.
    function mustEnd(Evidence memory e, uint256 calls) internal pure {
        unchecked {
            if (e.indexes + (e.leafCount == 1 ? 0 : calls) != e.end) revert IWritModule.InvalidWitness();
        }
    }
}
