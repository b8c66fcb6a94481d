// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";
import {ConditionForm} from "./ConditionForm.sol";
import {Fees} from "./Fees.sol";
import {Form} from "./Form.sol";
import {Leaves} from "./Leaves.sol";
import {Memory} from "./Memory.sol";
import {RuleForm} from "./RuleForm.sol";
import {Scope} from "./Scope.sol";
import {Table} from "./Table.sol";
import {Tables} from "./Tables.sol";

/// @title From a whole grant to its root.
/// @dev Positions only grow, and every section must end where the next begins and the last where the grant ends: then every read
/// was inside the grant, and no length needs a check of its own.
library Grant {
    uint256 private constant PREAMBLE = 59;
    /// Where the policy's times stand in a header.
    uint256 private constant FROM = 21;
    /// No rule has fewer bytes.
    uint256 private constant LEAST_RULE = 26;

    /// @notice The root of the grant of `size` bytes at calldata position `from`. Reverts with InvalidGrant where the form is not right.
    function derive(uint256 from, uint256 size) internal pure returns (uint256) {
        unchecked {
            Scope.open();
            uint256 p = Memory.take(size);
            Calldata.copy(p, from, size);
            Scope.setGrant(p);
            Scope.setEnd(p + size);
            if (Memory.number(p, 1) != 1) Form.fail(p);
            uint256 chainId = Memory.number(p + 1, 8);
            if (chainId == 0 || chainId >> 53 != 0) Form.fail(p);
            uint256 headerSize = Memory.number(p + PREAMBLE, 2);
            // What the root is the hash of: all but the tree's top.
            uint256 hashed = Memory.take(PREAMBLE + headerSize + 32);
            Memory.copy(hashed, p, PREAMBLE);
            Memory.putByte(hashed, 2);
            p += PREAMBLE + 2;
            Memory.copy(hashed + PREAMBLE, p, headerSize);
            Scope.setStart(Memory.number(p + FROM, 5));
            Scope.setUntil(Memory.number(p + FROM + 5, 5));
            Memory.put(hashed + PREAMBLE + headerSize, policy(p, p + headerSize));
            return Memory.hash(hashed, PREAMBLE + headerSize + 32);
        }
    }

    /// @dev The top of the tree over the leaves of the policy whose header is [p, headerEnd).
    function policy(uint256 p, uint256 headerEnd) private pure returns (uint256) {
        unchecked {
            uint256 at = Table.tokens(headerEnd);
            at = Table.meters(at);
            at = Table.functions(at);
            header(p, headerEnd);
            if (at >= Scope.end()) Form.fail(at);
            uint256 most = 32 * ((Scope.end() - at) / LEAST_RULE + 1);
            Tables.setRules(Memory.take(most));
            Tables.setDenies(Memory.take(most));
            Tables.setForm(RuleForm.OUTSIDE);
            Scope.setOfCall(1);
            uint256 count = Memory.number(at, 3);
            uint256 allows;
            (at, allows) = RuleForm.rules(at + 3, count);
            if (
                !(at == Scope.end() &&
                    allows != 0 &&
                    Scope.unused() == 0 &&
                    Tables.functionsUsed() == Tables.functionCount() &&
                    Tables.metersUsed() == Tables.meterCount())
            ) Form.fail(at);
            return Leaves.top(count, allows);
        }
    }

    function header(uint256 p, uint256 end) private pure {
        unchecked {
            uint256 flags = Memory.number(p, 1);
            if (
                !(flags < 8 &&
                    Memory.number(p + 1, 20) != 0 &&
                    Scope.start() >= 1_600_000_000 &&
                    Scope.start() < Scope.until() &&
                    Scope.until() < 1 << 38)
            ) Form.fail(p);
            p += 31;
            if (flags & Fees.SPONSOR != 0) {
                if (Memory.number(p, 20) == 0) Form.fail(p);
                p += 20;
            }
            if (flags & Fees.BUDGET != 0) {
                // The fees' meter is the first, it counts ETH, and its record is repeated here.
                uint256 size = 6 + (Memory.number(p, 1) & 63);
                if (
                    !(Tables.meterCount() != 0 &&
                        Memory.word(Tables.meters()) == Table.ETH &&
                        Memory.hash(Tables.meters() + 32, size) == Memory.hash(p, size))
                ) Form.fail(p);
                Tables.setMetersUsed(1);
                p += size;
            }
            if (flags & Fees.CONDITIONS != 0) {
                if (Memory.number(p, 1) == 0) Form.fail(p);
                p = ConditionForm.conditions(p);
            }
            if (p != end) Form.fail(p);
        }
    }
}
