// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionForm} from "./ConditionForm.sol";
import {Fees} from "./Fees.sol";
import {Form, Scope} from "./Form.sol";
import {Leaves} from "./Leaves.sol";
import {Memory} from "./Memory.sol";
import {RuleForm} from "./RuleForm.sol";
import {Table, Tables} from "./Tables.sol";

/// @notice Whom a grant is for.
struct Recipient {
    uint256 chainId;
    address module;
    address account;
    uint32 entityId;
    uint48 tag;
}

/// @title From a whole grant to its root.
/// @dev Positions only grow, and every section must end where the next begins and the last where the grant ends: then every read
/// was inside the grant, and no length needs a check of its own.
library Grant {
    uint256 private constant PREAMBLE = 59;
    /// Where the policy's times stand in a header.
    uint256 private constant FROM = 21;
    /// No rule has fewer bytes.
    uint256 private constant LEAST_RULE = 26;

    /// @notice The root of a grant and whom it is for. Reverts with InvalidGrant where the form is not right.
    function derive(bytes memory data) internal pure returns (uint256 root, Recipient memory r) {
        unchecked {
            Scope memory s;
            Tables memory t;
            uint256 p;
            assembly ("memory-safe") {
                p := add(data, 32)
            }
            s.grant = p;
            s.end = p + data.length;
            Form.demand(s, p, Memory.number(p, 1) == 1);
            r.chainId = Memory.number(p + 1, 8);
            r.module = address(uint160(Memory.number(p + 9, 20)));
            r.account = address(uint160(Memory.number(p + 29, 20)));
            r.entityId = uint32(Memory.number(p + 49, 4));
            r.tag = uint48(Memory.number(p + 53, 6));
            uint256 headerSize = Memory.number(p + PREAMBLE, 2);
            p += PREAMBLE + 2;
            // The root's bytes, but for the tree's top.
            uint256 room = Memory.take(PREAMBLE + headerSize + 32);
            Memory.copy(room, s.grant, PREAMBLE);
            Memory.putByte(room, 2);
            Memory.copy(room + PREAMBLE, p, headerSize);
            s.elements = Memory.take(32 * Form.DEEPEST);
            s.from = Memory.number(p + FROM, 5);
            s.until = Memory.number(p + FROM + 5, 5);

            Memory.put(room + PREAMBLE + headerSize, policy(s, t, p, p + headerSize));
            root = Memory.hash(room, PREAMBLE + headerSize + 32);
        }
    }

    /// @dev The top of the tree over the leaves of the policy whose header is [p, headerEnd).
    function policy(Scope memory s, Tables memory t, uint256 p, uint256 headerEnd) private pure returns (uint256) {
        unchecked {
            uint256 at = Table.tokens(s, headerEnd);
            at = Table.meters(s, t, at);
            at = Table.functions(s, t, at);
            header(s, t, p, headerEnd);
            Form.demand(s, at, at < s.end);
            uint256 most = 32 * ((s.end - at) / LEAST_RULE + 1);
            t.rules = Memory.take(most);
            t.denies = Memory.take(most);
            t.form = RuleForm.OUTSIDE;
            s.ofCall = true;
            uint256 count = Memory.number(at, 3);
            uint256 allows;
            (at, allows) = RuleForm.rules(s, t, at + 3, count);
            Form.demand(
                s,
                at,
                at == s.end && allows != 0 && t.functionsUsed == t.functionCount && t.metersUsed == t.meterCount
            );
            return Leaves.top(s, t, count, allows);
        }
    }

    function header(Scope memory s, Tables memory t, uint256 p, uint256 end) private pure {
        unchecked {
            uint256 flags = Memory.number(p, 1);
            Form.demand(
                s,
                p,
                flags < 8 &&
                    Memory.number(p + 1, 20) != 0 &&
                    s.from >= 1_600_000_000 &&
                    s.from < s.until &&
                    s.until < 1 << 38
            );
            p += 31;
            if (flags & Fees.SPONSOR != 0) {
                Form.demand(s, p, Memory.number(p, 20) != 0);
                p += 20;
            }
            if (flags & Fees.BUDGET != 0) {
                // The fees' meter is the first, it counts ETH, and its record is repeated here.
                uint256 size = 6 + (Memory.number(p, 1) & 63);
                Form.demand(
                    s,
                    p,
                    t.meterCount != 0 &&
                        Memory.word(t.meters) == Table.ETH &&
                        Memory.hash(t.meters + 32, size) == Memory.hash(p, size)
                );
                t.metersUsed = 1;
                p += size;
            }
            if (flags & Fees.CONDITIONS != 0) {
                Form.demand(s, p, Memory.number(p, 1) != 0);
                p = ConditionForm.conditions(s, p);
            }
            Form.demand(s, p, p == end);
        }
    }
}
