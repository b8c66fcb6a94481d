// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionForm} from "./ConditionForm.sol";
import {Form} from "./Form.sol";
import {Memory} from "./Memory.sol";
import {Scope} from "./Scope.sol";
import {Nested} from "./Nested.sol";
import {PlaceForm} from "./PlaceForm.sol";
import {Rule} from "./Rule.sol";
import {SumForm} from "./SumForm.sol";
import {Table} from "./Table.sol";
import {Tables} from "./Tables.sol";
import {Times} from "./Times.sol";

/// @title The form of rules, and of the rules nested in them.
/// @dev Of every rule, in the order in which they stand, a word is kept: `end << 128 | position`, the position being behind its function's index.
library RuleForm {
    uint256 internal constant ALLOW = 1;
    uint256 internal constant DENY = 2;
    /// Actions of a deny; 0 is any.
    uint256 internal constant SEND = 1;
    uint256 internal constant CALL = 2;
    uint256 internal constant COMMAND = 3;
    /// The form of what is in no block.
    uint256 internal constant OUTSIDE = 0xff;
    uint256 private constant DEEPEST_BLOCK = 4;

    /// @notice `count` rules at `p`, in the block of which the tables tell; how many of them allow.
    function rules(uint256 p, uint256 count) internal pure returns (uint256 next, uint256 allows) {
        unchecked {
            for (; count != 0; --count) {
                // kind1 ‖ functionIndex2
                uint256 head = Memory.word(p);
                uint256 kind = head >> 248;
                uint256 index = uint16(head >> 232);
                // There is room for the words of as many rules as the grant can hold.
                if (p >= Scope.end()) Form.fail(p);
                // 0 is no function's: no signature with that hash will be found.
                uint256 word = 0;
                if (index != Table.NO_FUNCTION) {
                    // By first use: a rule uses a function that was used before it, or the next.
                    if (!(index <= Tables.functionsUsed() && index < Tables.functionCount())) Form.fail(p);
                    if (index == Tables.functionsUsed()) Tables.setFunctionsUsed(Tables.functionsUsed() + 1);
                    word = Table.functionAt(index);
                }
                uint256 entry = Tables.rules() + 32 * Tables.ruleCount();
                Tables.setRuleCount(Tables.ruleCount() + 1);
                Memory.put(entry, p + 3);
                if (word & Table.COMMAND != 0) alone(entry, word);
                if (kind == ALLOW) {
                    ++allows;
                    p = allow(p + 3, index, word);
                } else {
                    if (kind != DENY) Form.fail(p);
                    p = deny(p + 3, index, word);
                }
                Memory.put(entry, (p << 128) | Memory.word(entry));
            }
            return (p, allows);
        }
    }

    /// @dev Refuses a command whose byte means another one in an earlier rule about the same target.
    function alone(uint256 entry, uint256 word) private pure {
        unchecked {
            uint256 p = uint128(Memory.word(entry));
            for (uint256 other = Tables.rules(); other != entry; other += 32) {
                uint256 at = uint128(Memory.word(other));
                uint256 index = Memory.number(at - 2, 2);
                if (index == Table.NO_FUNCTION) continue;
                uint256 known = Table.functionAt(index);
                if (known == word || known & Table.COMMAND == 0 || (known ^ word) >> 224 != 0) continue;
                if (targetAt(at) == targetAt(p)) Form.fail(p);
            }
        }
    }

    /// @dev The target of the rule that stands at `p`, behind its function's index.
    function targetAt(uint256 p) private pure returns (uint256) {
        unchecked {
            return Memory.number(Memory.number(p - 3, 1) == ALLOW ? p + 3 : p, 20);
        }
    }

    function allow(uint256 p, uint256 index, uint256 word) private pure returns (uint256) {
        unchecked {
            uint256 body = p + 2;
            uint256 flags = Memory.number(body, 1);
            bool ofCommand = word & Table.COMMAND != 0;
            if (
                !((word == 0) == (flags & Rule.SEND != 0) &&
                    ofCommand == (flags & Rule.COMMAND != 0) &&
                    ofCommand == (Tables.form() == Nested.COMMANDS))
            ) Form.fail(body);
            target(body + 1);
            // flags1 ‖ target20 ‖ [selector4 ‖ headWords1 ‖ [descriptorLength1 ‖ descriptor]]
            uint256 next = body + 21;
            scope(index);
            if (word != 0) {
                if (Memory.number(next, 4) != word >> 224) Form.fail(body);
                next = Table.described(index, next + 4, flags & Rule.DESCRIPTOR != 0);
            } else if (flags & Rule.DESCRIPTOR != 0) {
                Form.fail(body);
            }
            if (flags & Times.ANY != 0) next = Form.times(flags, next);
            Scope.setBody(1);
            next = ConditionForm.conditions(next);
            Scope.setBody(0);
            if (next != body + Memory.number(p, 2)) Form.fail(next);

            bool eth;
            (next, eth) = charges(next);
            (next, eth) = unlimited(next, eth);
            // Ether may be sent under a rule that says what becomes of ether, and under no other.
            if (eth != (flags & Rule.VALUE_ALLOWED != 0)) Form.fail(body);
            return flags & Rule.NESTED == 0 ? next : blocks(next, body, index);
        }
    }

    /// @dev Calls and commands are carried by a call to a target, and go there.
    function target(uint256 p) private pure {
        uint256 account = Memory.number(p, 20);
        uint256 form = Tables.form();
        if ((form == Nested.CALLS || form == Nested.COMMANDS) && account != Tables.target()) Form.fail(p);
        Form.party(account);
    }

    /// @notice Takes the function of an index into the scope, or none.
    function scope(uint256 index) internal pure {
        if (index != Table.NO_FUNCTION) return Scope.setShape(Table.shapeOf(index));
        Scope.setShape(0);
    }

    function charges(uint256 p) private pure returns (uint256 next, bool eth) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            ++p;
            for (; count != 0; --count) {
                // kind1 ‖ meterIndex1 or asset1 ‖ flags1
                uint256 head = Memory.word(p);
                uint256 kind = head >> 248;
                uint256 asset;
                if (kind == 1) {
                    uint256 index = uint8(head >> 240);
                    uint256 used = Tables.metersUsed();
                    if (!(index <= used && index < Tables.meterCount())) Form.fail(p);
                    if (index == used) Tables.setMetersUsed(used + 1);
                    asset = Memory.word(Tables.meters() + Table.METER * index);
                } else {
                    if (kind != 2) Form.fail(p);
                    Form.asset(p + 1);
                    asset = uint8(head >> 240);
                }
                if (asset == Table.ETH) eth = true;
                // What is counted may be said to be of no checked asset only where it is a token's.
                if (uint8(head >> 232) > (asset < Table.CALLS ? 1 : 0)) Form.fail(p);
                p += 3;
                if (kind == 2) p = Form.integer(p);
                uint256 end = p + 2 + Memory.number(p, 2);
                // Calls are counted by the number 1: 0x00 ‖ length1 ‖ 0x01.
                if (asset == Table.CALLS && Memory.number(p + 2, 3) != 0x000101) Form.fail(p);
                p = SumForm.amount(p + 2);
                if (p != end) Form.fail(p);
            }
            return (p, eth);
        }
    }

    function unlimited(uint256 p, bool eth) private pure returns (uint256, bool) {
        unchecked {
            uint256 end = p + 1 + Memory.number(p, 1);
            // A bit for each asset that stood there.
            uint256 seen = 0;
            for (++p; p < end; ++p) {
                Form.asset(p);
                uint256 bit = 1 << Memory.number(p, 1);
                if (seen & bit != 0) Form.fail(p);
                seen |= bit;
            }
            return (p, eth || seen >> Table.ETH != 0);
        }
    }

    function deny(uint256 p, uint256 index, uint256 word) private pure returns (uint256) {
        unchecked {
            uint256 action = Memory.number(p + 20, 1);
            uint256 ofFunction = word & Table.COMMAND != 0 ? COMMAND : CALL;
            if (!(word == 0 ? action < CALL : action == ofFunction)) Form.fail(p);
            // In a block of commands rules are about commands, and elsewhere they are not.
            if (!((Tables.form() == Nested.COMMANDS) == (action == COMMAND))) Form.fail(p);
            target(p);
            p += 21;
            if (word != 0) {
                if (Memory.number(p, 4) != word >> 224) Form.fail(p);
                p += 4;
            }
            scope(index);
            return clause(p);
        }
    }

    /// @dev `clauseLength2 ‖ clause` at `p`; the position after it.
    function clause(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 end = p + 2 + Memory.number(p, 2);
            uint256 flags = Memory.number(p + 2, 1);
            if (flags & ~Times.ANY != 0) Form.fail(p);
            if (ConditionForm.conditions(Form.times(flags, p + 3)) != end) Form.fail(p);
            return end;
        }
    }

    /// @dev `nestedCount1 ‖ nested*` of the rule with this body, and the function of this index.
    function blocks(uint256 p, uint256 body, uint256 index) private pure returns (uint256) {
        unchecked {
            uint256 form = Tables.form();
            uint256 around = Tables.target();
            uint256 count = Memory.number(p, 1);
            if (!(count != 0 && Tables.blocks() < DEEPEST_BLOCK)) Form.fail(p);
            Tables.setBlocks(Tables.blocks() + 1);
            ++p;
            for (; count != 0; --count) {
                // The rules of the block before had functions of their own.
                scope(index);
                uint256 list = calls(p);
                Tables.setForm(Memory.number(p, 1));
                Tables.setTarget(Memory.number(body + 1, 20));
                uint256 allows;
                (p, allows) = rules(list + 2, Memory.number(list, 2));
                if (allows == 0) Form.fail(list);
            }
            Tables.setBlocks(Tables.blocks() - 1);
            Tables.setForm(form);
            Tables.setTarget(around);
            return p;
        }
    }

    /// @notice What of a nested block says where its calls lie: `0x00 ‖ place | 0x01 ‖ bytes | 0x02 ‖ bytes ‖ place`.
    function calls(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            next = p + 1;
            if (form == Nested.CALLS) return PlaceForm.listOfBytes(next);
            if (!(form == Nested.MULTISEND || form == Nested.COMMANDS)) Form.fail(p);
            (next, ) = PlaceForm.range(next);
            if (form == Nested.COMMANDS) next = PlaceForm.listOfBytes(next);
        }
    }
}
