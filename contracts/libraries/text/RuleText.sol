// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AmountText} from "./AmountText.sol";
import {ConditionText} from "./ConditionText.sol";
import {Functions} from "./Functions.sol";
import {Glyphs} from "./Glyphs.sol";
import {HexText} from "./HexText.sol";
import {Memory} from "../Memory.sol";
import {MeterText} from "./MeterText.sol";
import {Nested} from "../Nested.sol";
import {NumberText} from "./NumberText.sol";
import {OperandText} from "./OperandText.sol";
import {Pen} from "./Pen.sol";
import {Rule} from "../Rule.sol";
import {RuleForm} from "../RuleForm.sol";
import {Sheet} from "./Sheet.sol";
import {Table} from "../Table.sol";
import {TimeText} from "./TimeText.sol";
import {Times} from "../Times.sol";
import {Words} from "./Words.sol";

/// @title Rules and what is nested in them. Each function writes what stands at `p` and gives the position behind it.
/// @dev A **label** is a rule's number and those of the rules around it: `count1` in the lowest byte, then three bytes for each, the outermost first.
library RuleText {
    uint256 private constant NUMBER = 24;
    uint256 private constant ALLOW = uint256(bytes32("] allow")) + 293 * 256 + 7;
    uint256 private constant DENY = uint256(bytes32("] deny")) + 279 * 256 + 6;
    uint256 private constant ON = uint256(bytes32("on ")) + 136 * 256 + 3;

    /// @notice A rule; `on` is false where its target is that of the rule around it.
    function rule(uint256 p, uint256 label, bool on) internal pure returns (uint256) {
        unchecked {
            uint256 entry = Functions.entryOf(Memory.number(p + 1, 2));
            bool allows = Memory.one(p) == RuleForm.ALLOW;
            p += 3;
            if (uint8(label) == 1) {
                // Both words stand at the beginning of a line, which has room for them.
                uint256 number = Glyphs.join(Words.BRACKET, NumberText.digits(label >> 8));
                Pen.word(Glyphs.join(number, allows ? ALLOW : DENY));
            } else {
                labelOf(label, 0);
                Pen.word(allows ? Words.ALLOW : Words.DENY);
            }
            return allows ? allow(p, entry, label, on) : deny(p, entry, on);
        }
    }

    /// @dev `[3]`, `[3.1]`; as `range` `[3.1]-`
    function labelOf(uint256 label, uint256 range) private pure {
        unchecked {
            uint256 count = uint8(label);
            uint256 close = range == 0 ? Words.BRACKET_CLOSE : Words.BRACKET_GOES_ON;
            for (uint256 i = 0; i < count; ++i) {
                uint256 token = NumberText.digits(uint24(label >> (8 + NUMBER * i)));
                if (i == 0) token = Glyphs.join(Words.BRACKET, token);
                token = Glyphs.join(token, i == count - 1 ? close : Words.STOP);
                if (i == 0) Pen.word(token);
                else Pen.soft(token);
            }
        }
    }

    /// @dev The label of a rule nested in the rule of another.
    function inside(uint256 label, uint256 number) private pure returns (uint256) {
        unchecked {
            return (label + 1) | (number << (8 + NUMBER * uint8(label)));
        }
    }

    function action(uint256 entry, bool any) private pure {
        if (entry != 0) return Functions.write(entry);
        // One word behind the other in a phrase, and short.
        Pen.word(any ? Words.ANY : Words.ETH_SEND);
    }

    function target(uint256 account) private pure {
        uint256 symbol = AmountText.symbolAt(account);
        // One phrase, which is shorter than a line.
        if (symbol != 0) return Pen.word(Glyphs.join(ON, symbol));
        Pen.word(Words.ON);
        HexText.party(account);
    }

    // ---------------------------------------------------------------- allow

    function allow(uint256 p, uint256 entry, uint256 label, bool on) private pure returns (uint256) {
        unchecked {
            uint256 body = p + 2;
            uint256 flags = Memory.one(body);
            Memory.put(Sheet.ARGUMENTS, Functions.argumentsOf(entry));
            action(entry, false);
            if (on) target(Memory.number(body + 1, 20));
            Pen.end();
            p = body + 21;
            if (entry != 0) p = Functions.skip(p + 4, flags & Rule.DESCRIPTOR != 0);
            uint256 times = p;
            if (flags & Times.ANY != 0)
                p +=
                    (flags & Times.FROM != 0 ? 5 : 0) +
                    (flags & Times.UNTIL != 0 ? 5 : 0) +
                    (flags & Times.HOURS != 0 ? 5 : 0);
            uint256 count = Memory.one(p);
            ++p;
            for (; count != 0; --count) {
                p = ConditionText.condition(p);
                Pen.end();
            }
            p = budgets(p);
            if (flags & Times.ANY != 0) TimeText.times(flags, times, true);
            return flags & Rule.NESTED == 0 ? p : blocks(p, label, entry);
        }
    }

    /// @dev `chargeCount1 ‖ charge* ‖ unlimitedCount1 ‖ asset1*`
    function budgets(uint256 p) private pure returns (uint256) {
        unchecked {
            bool budget = false;
            uint256 count = Memory.one(p);
            ++p;
            for (; count != 0; --count) {
                bool ofAsset;
                (p, ofAsset) = charge(p);
                if (ofAsset) budget = true;
            }
            count = Memory.one(p);
            ++p;
            if (count == 0 && !budget) {
                Pen.word(Words.NO_BUDGET);
                Pen.end();
            }
            for (; count != 0; --count) {
                Pen.word(Words.UNLIMITED);
                Pen.word(AmountText.symbol(Memory.one(p)));
                Pen.end();
                ++p;
            }
            return p;
        }
    }

    /// @dev `count amount@1 max 500 USDC/day, shared #1;`, `max 10 calls/hour;`
    function charge(uint256 p) private pure returns (uint256 next, bool ofAsset) {
        unchecked {
            bool perCall = Memory.one(p) != 1;
            uint256 index = Memory.one(p + 1);
            uint256 unchecked_ = Memory.one(p + 2);
            uint256 value = p + 3;
            p = value;
            if (perCall) p += 1 + Memory.one(p);
            ofAsset = perCall || MeterText.assetOf(index) != Table.CALLS;
            next = p + 2 + Memory.number(p, 2);
            if (ofAsset) {
                Pen.word(Words.COUNT);
                ConditionText.amount(p + 2);
            }
            if (perCall) {
                Pen.word(Words.MAX);
                AmountText.write(Memory.number(value + 1, Memory.one(value)), index, NumberText.MORE, NumberText.MORE);
                Pen.glue(Words.SLASH);
                Pen.soft(Words.CALL);
            } else {
                MeterText.limit(index, Words.MAX);
                uint256 number = MeterText.sharedAs(index);
                if (number != 0) {
                    Pen.glue(Words.COMMA);
                    Pen.word(number);
                }
            }
            if (unchecked_ != 0) {
                Pen.glue(Words.COMMA);
                Pen.word(Words.ASSET);
                Pen.word(Words.UNCHECKED);
            }
            Pen.end();
        }
    }

    // ---------------------------------------------------------------- deny

    /// @dev `target20 ‖ action1 ‖ [selector4] ‖ clauseLength2 ‖ clause`, which is one clause of the text too.
    function deny(uint256 p, uint256 entry, bool on) private pure returns (uint256 next) {
        unchecked {
            Memory.put(Sheet.ARGUMENTS, Functions.argumentsOf(entry));
            action(entry, Memory.one(p + 20) == 0);
            if (on) target(Memory.number(p, 20));
            p += entry == 0 ? 21 : 25;
            next = p + 2 + Memory.number(p, 2);
            p += 2;
            uint256 flags = Memory.one(p);
            ++p;
            p = TimeText.times(flags, p, false);
            uint256 count = Memory.one(p);
            if (count != 0) {
                Pen.word(Words.IF);
                ConditionText.conjuncts(p + 1, count);
            }
            Pen.end();
        }
    }

    // ---------------------------------------------------------------- nested rules

    /// @dev `nestedCount1 ‖ nested*`; the rules of all blocks are numbered on.
    function blocks(uint256 p, uint256 label, uint256 entry) private pure returns (uint256) {
        unchecked {
            uint256 number = 0;
            uint256 count = Memory.one(p);
            ++p;
            for (; count != 0; --count) {
                Memory.put(Sheet.ARGUMENTS, Functions.argumentsOf(entry));
                bool on = Memory.one(p) == Nested.MULTISEND;
                p = list(p);
                uint256 rules = Memory.number(p, 2);
                p += 2;
                Pen.word(Words.ONLY);
                labelOf(inside(label, number + 1), rules - 1);
                if (rules > 1) {
                    uint256 last = inside(label, number + rules);
                    rangeEnd(last);
                }
                Pen.end();
                for (; rules != 0; --rules) {
                    ++number;
                    p = rule(p, inside(label, number), on);
                }
            }
            return p;
        }
    }

    /// @dev `[3.4]`, one piece behind `[3.1]-`.
    function rangeEnd(uint256 label) private pure {
        unchecked {
            Pen.soft(Words.BRACKET);
            uint256 count = uint8(label);
            for (uint256 i = 0; i < count; ++i) {
                if (i != 0) Pen.glue(Words.STOP);
                Pen.glue(NumberText.digits(uint24(label >> (8 + NUMBER * i))));
            }
            Pen.glue(Words.BRACKET_CLOSE);
        }
    }

    /// @dev `calls in data@0`, `packed calls in arg@0`, `commands in arg@0 with inputs@1`
    function list(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 form = Memory.one(p);
            ++p;
            if (form == Nested.CALLS) {
                Pen.word(Words.CALLS);
                Pen.word(Words.IN);
                return OperandText.listOfBytes(p);
            }
            if (form == Nested.MULTISEND) {
                Pen.word(Words.PACKED);
                Pen.word(Words.CALLS);
                Pen.word(Words.IN);
                return OperandText.bytes_(p);
            }
            Pen.word(Words.COMMANDS);
            Pen.word(Words.IN);
            p = OperandText.bytes_(p);
            Pen.word(Words.WITH);
            return OperandText.listOfBytes(p);
        }
    }
}
