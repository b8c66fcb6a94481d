// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Form} from "./Form.sol";
import {Memory} from "./Memory.sol";
import {Meters} from "./Meters.sol";
import {Rule} from "./Rule.sol";
import {RuleForm} from "./RuleForm.sol";
import {Table} from "./Table.sol";
import {Tables} from "./Tables.sol";
import {Tree} from "./Tree.sol";

/// @title Leaves: each allow rule with every deny that touches it, so that none can be left out, and the tree over them.
/// @dev A leaf is written where free memory begins, and nothing is taken while it grows: its size is known when it is made.
library Leaves {
    uint256 private constant MOST = 0xffff;
    uint256 private constant MOST_CLAUSES = 0xff;

    /// @notice The top of the tree over the leaves of the `count` rules outside all blocks, `allows` of which allow.
    function top(uint256 count, uint256 allows) internal pure returns (uint256) {
        unchecked {
            uint256 inner = allows - 1;
            uint256 tree = Memory.take(32 * (allows + inner));
            uint256 scratch = Memory.take(96);
            // The byte before a leaf is hashed with it.
            uint256 leaf = Memory.take(0) + 1;
            uint256 at = tree + 32 * inner;
            // Of the number of those that allow the caller knows.
            if (count != allows) gather(count);
            for (; count != 0; --count) {
                if (kindOf(Tables.rule()) == RuleForm.DENY) {
                    Tables.setRule(Tables.rule() + 1);
                    continue;
                }
                Tables.setOut(leaf);
                write();
                Memory.put(at, Tree.leafHash(leaf, Tables.out() - leaf));
                at += 32;
            }
            while (inner != 0) {
                --inner;
                at = tree + 32 * (2 * inner + 1);
                Memory.put(tree + 32 * inner, Tree.node(scratch, Memory.word(at), Memory.word(at + 32)));
            }
            return Memory.word(tree);
        }
    }

    // ---------------------------------------------------------------- rules by number

    /// @dev Where a rule stands, behind its function's index.
    function position(uint256 rule) private pure returns (uint256) {
        unchecked {
            return uint128(Memory.word(Tables.rules() + 32 * rule));
        }
    }

    function end(uint256 rule) private pure returns (uint256) {
        unchecked {
            return Memory.word(Tables.rules() + 32 * rule) >> 128;
        }
    }

    function kindOf(uint256 rule) private pure returns (uint256) {
        unchecked {
            return Memory.number(position(rule) - 3, 1);
        }
    }

    /// @dev Adds the denies among the next `count` rules of a block to those that hold; how many of the others there are.
    function gather(uint256 count) private pure returns (uint256 allows) {
        unchecked {
            uint256 rule = Tables.rule();
            for (; count != 0; --count) {
                if (kindOf(rule) == RuleForm.DENY) {
                    Memory.put(Tables.denies() + 32 * Tables.denyCount(), position(rule));
                    Tables.setDenyCount(Tables.denyCount() + 1);
                    ++rule;
                    continue;
                }
                ++allows;
                // What stands inside this one is of blocks further in.
                uint256 behind = end(rule);
                do ++rule; while (rule < Tables.ruleCount() && position(rule) < behind);
            }
        }
    }

    // ---------------------------------------------------------------- one leaf

    /// @dev Writes the leaf of the next rule, which allows, and with it those of all rules nested in it.
    function write() private pure {
        unchecked {
            uint256 start = Tables.out();
            uint256 p = position(Tables.rule());
            Tables.setRule(Tables.rule() + 1);
            uint256 body = p + 2;
            uint256 next = body + Memory.number(p, 2);
            append(body, next - body);
            next = charges(next);
            fold(body);
            if (Memory.number(body, 1) & Rule.NESTED != 0) blocks(body, next + 1 + Memory.number(next, 1));
            if (Tables.out() - start > MOST) Form.fail(body);
        }
    }

    function append(uint256 from, uint256 size) private pure {
        unchecked {
            Memory.copy(Tables.out(), from, size);
            Tables.setOut(Tables.out() + size);
        }
    }

    function appendByte(uint256 value) private pure {
        unchecked {
            uint256 out = Tables.out();
            Memory.putByte(out, value);
            Tables.setOut(out + 1);
        }
    }

    /// @dev Writes the charges at `p`, each with its meter's record.
    function charges(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            uint256 out = Tables.out();
            Memory.putByte(out, count);
            ++out;
            ++p;
            for (; count != 0; --count) {
                uint256 size;
                if (Memory.number(p, 1) == 1) {
                    uint256 record = Tables.meters() + Table.METER * Memory.number(p + 1, 1) + 32;
                    size = 6 + (Memory.number(record, 1) & 63);
                    Memory.copy(out, record, size);
                    p += 3;
                } else {
                    size = 1 + Memory.number(p + 3, 1);
                    Memory.copy(out, p + 3, size);
                    Memory.putByte(out, (Meters.PER_CALL << 6) | (size - 1));
                    p += 3 + size;
                }
                out += size;
                size = Memory.number(p, 2);
                Memory.copy(out, p + 2, size);
                out += size;
                p += 2 + size;
            }
            Tables.setOut(out);
            return p;
        }
    }

    /// @dev Writes every clause that touches the function of the body.
    function fold(uint256 body) private pure {
        unchecked {
            uint256 flags = Memory.number(body, 1);
            uint256 action = RuleForm.CALL;
            if (flags & Rule.SEND != 0) action = RuleForm.SEND;
            else if (flags & Rule.COMMAND != 0) action = RuleForm.COMMAND;
            uint256 target = Memory.number(body + 1, 20);
            uint256 counter = Tables.out();
            uint256 count = 0;
            Tables.setOut(Tables.out() + 1);
            for (uint256 i = 0; i < Tables.denyCount(); ++i) {
                uint256 p = Memory.word(Tables.denies() + 32 * i);
                uint256 denied = Memory.number(p + 20, 1);
                if (Memory.number(p, 20) != target || (denied != 0 && denied != action)) continue;
                p += 21;
                if (denied >= RuleForm.CALL) {
                    // INVARIANT: a selector is one function's, and a byte one command's of a target, so that the clause was written with the types of this one.
                    if (Memory.number(p, 4) != Memory.number(body + 21, 4)) continue;
                    p += 4;
                }
                append(p + 2, Memory.number(p, 2));
                ++count;
            }
            if (count > MOST_CLAUSES) Form.fail(body);
            Memory.putByte(counter, count);
        }
    }

    // ---------------------------------------------------------------- what is nested in it

    /// @dev Writes the blocks `nestedCount1 ‖ nested*` at `p` of the rule with this body, a leaf for each rule in them that allows.
    function blocks(uint256 body, uint256 p) private pure {
        unchecked {
            uint256 count = Memory.number(p, 1);
            appendByte(count);
            ++p;
            for (; count != 0; --count) {
                // The index of its function stands before the body's length.
                RuleForm.scope(Memory.number(body - 4, 2));
                uint256 list = RuleForm.calls(p);
                append(p, list - p);
                p = nested(list);
            }
        }
    }

    /// @dev The leaves of the rules `ruleCount2 ‖ rule*` at `p`; the position after them.
    function nested(uint256 p) private pure returns (uint256 next) {
        unchecked {
            uint256 around = Tables.denyCount();
            uint256 count = Memory.number(p, 2);
            put2(Tables.out(), gather(count));
            Tables.setOut(Tables.out() + 2);
            for (; count != 0; --count) {
                next = end(Tables.rule());
                if (kindOf(Tables.rule()) == RuleForm.DENY) {
                    Tables.setRule(Tables.rule() + 1);
                    continue;
                }
                uint256 size = Tables.out();
                Tables.setOut(Tables.out() + 2);
                write();
                put2(size, Tables.out() - size - 2);
            }
            Tables.setDenyCount(around);
        }
    }

    function put2(uint256 at, uint256 value) private pure {
        unchecked {
            Memory.putByte(at, value >> 8);
            Memory.putByte(at + 1, value);
        }
    }
}
