// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Amounts} from "./Amounts.sol";
import {Arguments} from "./Arguments.sol";
import {Calldata} from "./Calldata.sol";
import {Clauses} from "./Clauses.sol";
import {Conditions} from "./Conditions.sol";
import {Frame} from "./Frame.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";
import {List, Lists} from "./Lists.sol";
import {Memory} from "./Memory.sol";
import {Meters} from "./Meters.sol";
import {Places} from "./Places.sol";
import {Records} from "./Records.sol";
import {Rolling} from "./Rolling.sol";
import {Rule} from "./Rule.sol";
import {Targets} from "./Targets.sol";
import {Times} from "./Times.sol";

/// @notice A block of nested calls: a list in the calldata of the call around, and the leaves that its elements may be under.
struct Block {
    uint256 form;
    /// The list, for calls and commands.
    List list;
    /// Where the next record, or the next command's byte, lies.
    uint256 at;
    uint256 count;
    /// Memory position of the leaves, and how many they are.
    uint256 leaves;
    uint256 leafCount;
}

/// @notice One nested call: `size` bytes of calldata at `data`.
struct Inner {
    uint256 target;
    /// Its selector, if it has one, or the command's byte.
    uint256 action;
    uint256 data;
    uint256 size;
    /// Whether the leaf must allow the value: it is the call's own, and not that of the call around.
    bool ownValue;
    bool command;
}

/// @title Calls that an argument carries. A leaf that does not hold of one leaves no trace.
/// @dev Charges wait in a list in memory, {next, record, amount}, until the leaf of the outer call is known to hold.
library Nested {
    uint256 internal constant CALLS = 0x00;
    uint256 internal constant MULTISEND = 0x01;
    uint256 internal constant COMMANDS = 0x02;
    /// What stands for the element where the list cannot be read.
    uint256 private constant LIST = type(uint256).max;

    /// @notice The blocks at `p` (`nestedCount1 ‖ leafNested*`) of the outer call, which is one to `target`: denies, or charges what they charge.
    function judge(uint256 p, uint256 target) internal {
        unchecked {
            uint256 first = Memory.take(96);
            Memory.put(first, 0);
            Frame.setWaiting(first);
            (bool all, uint256 element) = blocks(p, target);
            if (!all) revert IWritModule.NestedCallDenied(Frame.callIndex(), element);
            while ((first = Memory.word(first)) != 0) count(Memory.word(first + 32), Memory.word(first + 64));
        }
    }

    function count(uint256 record, uint256 amount) private {
        if (Memory.number(record, 1) > Meters.MOST_STORED_IN_ONE) Rolling.charge(record, amount, false);
        else Meters.charge(record, amount, false);
    }

    /// @notice Whether every element of every block is allowed; the number of the first that is not.
    function blocks(uint256 p, uint256 target) private view returns (bool, uint256) {
        unchecked {
            uint256 saved = Frame.save();
            uint256 count = Memory.number(p, 1);
            ++p;
            for (; count != 0; --count) {
                (Block memory b, uint256 flaws) = open(p);
                if (flaws != 0) return (false, LIST);
                for (uint256 i = 0; i < b.count; ++i) {
                    (Inner memory inner, bool refused) = step(b, i, target);
                    bool allowed = !refused && one(b, inner);
                    Frame.restore(saved);
                    if (!allowed) return (false, i);
                }
                p = b.leaves;
                for (uint256 left = b.leafCount; left != 0; --left) p += 2 + Memory.number(p, 2);
            }
            return (true, 0);
        }
    }

    /// @notice The block at `p`; `flaws` is 0 where its list can be read.
    function open(uint256 p) private pure returns (Block memory b, uint256 flaws) {
        unchecked {
            b.form = Memory.number(p, 1);
            ++p;
            uint256 size;
            if (b.form != CALLS) (b.at, size, p, flaws) = Places.range(p);
            if (b.form == MULTISEND) {
                if (flaws == 0) (b.count, flaws) = Records.count(b.at, size);
            } else {
                uint256 more;
                (b.list, p, more) = Lists.arrayAt(p);
                b.count = b.list.count;
                flaws |= more;
                if (b.form == COMMANDS) flaws |= size ^ b.count;
            }
            b.leafCount = Memory.number(p, 2);
            b.leaves = p + 2;
        }
    }

    /// @notice Element number `i`, the next one, of a block in a call to `target`; the frame's value becomes its own if it has one.
    function step(Block memory b, uint256 i, uint256 target) private view returns (Inner memory inner, bool refused) {
        unchecked {
            inner.target = target;
            if (b.form == MULTISEND) {
                uint256 at = b.at;
                inner.target = Calldata.word(at + Records.TARGET) >> 96;
                inner.data = at + Records.DATA;
                inner.size = Calldata.word(at + Records.LENGTH);
                inner.ownValue = true;
                Frame.setValue(Calldata.word(at + Records.VALUE));
                b.at = inner.data + inner.size;
                refused = Targets.forbidden(inner.target);
            } else {
                uint256 at = Lists.element(b.list, i);
                inner.data = at + 32;
                inner.size = Calldata.word(at);
            }
            if (b.form == COMMANDS) {
                inner.command = true;
                inner.action = Calldata.word(b.at + i) >> 248;
            } else {
                inner.action = Calldata.word(inner.data) >> 224;
            }
        }
    }

    /// @notice Whether a leaf of the block holds of the call.
    function one(Block memory b, Inner memory inner) private view returns (bool) {
        unchecked {
            uint256 p = b.leaves;
            uint256 last = Frame.waiting();
            uint256 lower = Frame.validFrom();
            uint256 upper = Frame.validUntil();
            for (uint256 count = b.leafCount; count != 0; --count) {
                uint256 free = Memory.take(0);
                if (holds(p + 2, inner)) return true;
                Memory.release(free);
                Memory.put(last, 0);
                Frame.setWaiting(last);
                Frame.setValidFrom(lower);
                Frame.setValidUntil(upper);
                p += 2 + Memory.number(p, 2);
            }
            return false;
        }
    }

    /// @notice Whether the leaf at `p` holds of the call. Its charges wait.
    function holds(uint256 p, Inner memory inner) private view returns (bool all) {
        unchecked {
            // As in Rule, but what is wrong needs no name.
            uint256 flags = Memory.number(p, 1);
            if (Memory.number(p + 1, 20) != inner.target) return false;
            if (inner.ownValue && flags & Rule.VALUE_ALLOWED == 0 && Frame.value() != 0) return false;
            p += 21;
            if (flags & Rule.SEND != 0) {
                if (inner.size != 0) return false;
            } else {
                uint256 selector = inner.command ? 0 : 4;
                if (inner.size < selector || Memory.number(p, 4) != inner.action) return false;
                Frame.setArgumentsAt(inner.data + selector);
                Frame.setHeadsEnd(inner.data + selector + 32 * Memory.number(p + 4, 1));
                Frame.setDataEnd(inner.data + inner.size);
                p += 5;
                bool described = flags & Rule.DESCRIPTOR != 0;
                if (described) {
                    Frame.setDescriptor(p + 1);
                    p += 1 + Memory.number(p, 1);
                }
                if (!Arguments.whole(described)) return false;
            }
            uint256 moment;
            uint256 lower;
            uint256 upper;
            (moment, lower, upper, p) = Times.read(flags, p, Frame.time());
            if (moment != Times.INSIDE) return false;
            Frame.narrow(lower, upper);
            (all, p) = Conditions.all(p, false);
            if (!all) return false;
            uint256 count = Memory.number(p, 1);
            ++p;
            for (; count != 0; --count) {
                (all, p) = charge(p);
                if (!all) return false;
            }
            count = Memory.number(p, 1);
            (lower, p) = Clauses.first(p + 1, count);
            if (lower != count) return false;
            if (flags & Rule.NESTED != 0) (all, ) = blocks(p, inner.target);
            else all = true;
        }
    }

    /// @notice The position after the charge at `p`, and whether its amount can be read and is within its limit for one call.
    function charge(uint256 p) private view returns (bool fits, uint256 next) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            bool perCall = form >> 6 == Meters.PER_CALL;
            uint256 limit = p + (perCall ? 1 : 6);
            uint256 amount;
            uint256 flaws;
            (amount, next, flaws) = Amounts.read(limit + (form & 63));
            if (flaws != 0) return (false, next);
            if (perCall) return (amount <= Memory.number(limit, form & 63), next);
            uint256 entry = Memory.take(96);
            Memory.put(entry, 0);
            Memory.put(entry + 32, p);
            Memory.put(entry + 64, amount);
            Memory.put(Frame.waiting(), entry);
            Frame.setWaiting(entry);
            return (true, next);
        }
    }
}
